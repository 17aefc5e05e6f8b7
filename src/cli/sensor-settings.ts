import { Option } from 'commander';
import type { UpdateSensorInput } from '../domain/sensors/rules.js';
import { FLOWRATE_UNITS, type FlowrateUnit } from '../domain/shared/units.js';
import { instant, sensorNumber, tags, unit } from './option-parsers.js';

/** Settings of a sensor that are given as options. */
export interface SettingOptions {
  latitude?: number;
  longitude?: number;
  pipeDiameter?: number;
  maxGap?: number;
  method?: 'linear' | 'step';
  meterFactor?: number;
  totalizerRollover?: number;
  activatedAt?: Date;
  entryUnit?: FlowrateUnit;
  tags?: string[];
}

export function settingOptions(): Option[] {
  return [
    new Option('--latitude <degrees>', 'from -90 to 90').argParser(sensorNumber('latitude')),
    new Option('--longitude <degrees>', 'from -180 to 180').argParser(sensorNumber('longitude')),
    new Option('--pipe-diameter <inches>', 'greater than 0').argParser(
      sensorNumber('pipeDiameter'),
    ),
    new Option(
      '--max-gap <seconds>',
      'a longer time between two pings counts as an outage (3600 unless set)',
    ).argParser(sensorNumber('maxGap')),
    new Option(
      '--method <method>',
      'how volumes are computed; STEP suits a meter that reports only changes (LINEAR unless set)',
    ).choices(['linear', 'step']),
    new Option(
      '--meter-factor <factor>',
      'by which volumes are multiplied, from 0.5 to 2 (1 unless set)',
    ).argParser(sensorNumber('meterFactor')),
    new Option(
      '--totalizer-rollover <barrels>',
      "at which the meter's own totalizer begins again at 0 (never unless set)",
    ).argParser(sensorNumber('totalizerRollover')),
    new Option(
      '--entry-unit <unit>',
      `of the flowrates that devices send (bbl/d unless set): ${FLOWRATE_UNITS.join(', ')}`,
    ).argParser(unit),
    new Option('--tags <tags>', 'labels with commas between them; "" for none').argParser(tags),
    new Option(
      '--activated-at <datetime>',
      'when the sensor went into service (now if it is created)',
    ).argParser(instant),
  ];
}

/** The options as the domain takes them. */
export function readSettings({ method, ...fields }: SettingOptions): UpdateSensorInput {
  return { ...fields, ...(method && { method: method === 'step' ? 'STEP' : 'LINEAR' }) };
}
