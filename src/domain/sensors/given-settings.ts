import type { NewSensor } from '../../storage/sensors/sensor-store.js';
import type { UpdateSensorInput } from './rules.js';

export const DEFAULT_MAX_GAP = 3600;
export const DEFAULT_METHOD = 'LINEAR';
export const DEFAULT_METER_FACTOR = 1;
export const DEFAULT_ENTRY_UNIT = 'bbl/d';

/** The settings that are given, with the default of each that is null and has one. */
export function givenSettings(
  input: Omit<UpdateSensorInput, 'continuesSensor' | 'continuesFrom'>,
): Partial<NewSensor> {
  const { maxGap, method, meterFactor, entryUnit, tags } = input;
  const fields = {
    ...input,
    maxGap: maxGap === null ? DEFAULT_MAX_GAP : maxGap,
    method: method === null ? DEFAULT_METHOD : method,
    meterFactor: meterFactor === null ? DEFAULT_METER_FACTOR : meterFactor,
    entryUnit: entryUnit === null ? DEFAULT_ENTRY_UNIT : entryUnit,
    tags: tags === null ? [] : tags,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
