import {
  PARAMETERS,
  type ConfigurationChangeRow,
  type ConfigurationStore,
  type ConfigurationWindow,
  type Parameter,
  type SensorConfiguration,
} from '../../storage/sensors/configuration-store.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { windowsOf, type Window } from '../shared/windows.js';
import type { SensorRecord, Sensors } from './sensors.js';

export type {
  ConfigurationWindow,
  Parameter,
  SensorConfiguration,
} from '../../storage/sensors/configuration-store.js';

export const SENSOR_PARAMETERS = Object.keys(PARAMETERS) as Parameter[];

/** A change of one setting of a sensor. Values are as text, null where there was or is none. */
export interface ConfigurationChange {
  readonly id: string;
  readonly parameter: Parameter;
  /** in force at `effectiveFrom` before the change */
  readonly oldValue: string | null;
  readonly newValue: string | null;
  readonly effectiveFrom: Date;
  readonly recordedAt: Date;
  /** `user:NAME`, `token:NAME` or `operator` */
  readonly changedBy: string;
  readonly reason: string | null;
}

/** The history of sensors' settings, which is never changed. Reading needs READ. */
export class SensorConfigurations {
  constructor(
    private readonly store: ConfigurationStore,
    private readonly sensors: Sensors,
  ) {}

  /** A window of each sensor's changes, newest first, and whether there are more beyond it. */
  async windows(
    principal: Principal,
    sensorIds: readonly number[],
    window: ConfigurationWindow,
  ): Promise<Map<number, Window<ConfigurationChange>>> {
    requireScope(principal, 'READ');
    const rows = await this.store.window(principal, sensorIds, {
      ...window,
      take: window.take + 1,
    });
    return windowsOf(sensorIds, rows, window, (row) => row.sensor_id, changeOf);
  }

  async counts(principal: Principal, sensorIds: readonly number[]): Promise<Map<number, number>> {
    requireScope(principal, 'READ');
    const rows = await this.store.counts(principal, sensorIds);
    return new Map(rows.map(({ sensor_id, count }) => [sensor_id, count]));
  }

  /** The settings of each sensor that the account has, in force at an instant. */
  async at(
    principal: Principal,
    sensorIds: readonly number[],
    instant: Date,
  ): Promise<Map<number, SensorConfiguration>> {
    requireScope(principal, 'READ');
    const [current, changed] = await Promise.all([
      this.sensors.find(principal, sensorIds),
      this.store.at(principal, sensorIds, instant),
    ]);
    return new Map(
      [...current].map(([id, sensor]) => [id, { ...settingsOf(sensor), ...changed.get(id) }]),
    );
  }
}

function settingsOf(sensor: SensorRecord): SensorConfiguration {
  const { name, latitude, longitude, pipeDiameter, activatedAt, maxGap, method, meterFactor } =
    sensor;
  const { totalizerRollover, entryUnit, calendar, checks, tags } = sensor;
  const { retiredAt, continuesSensorId, continuesFrom } = sensor;
  return {
    ...{ name, latitude, longitude, pipeDiameter, activatedAt, maxGap, method, meterFactor },
    ...{ totalizerRollover, entryUnit, calendar, checks, tags },
    ...{ retiredAt, continuesSensorId, continuesFrom },
  };
}

export function changeOf(row: ConfigurationChangeRow): ConfigurationChange {
  return {
    id: row.id,
    parameter: row.parameter,
    oldValue: row.old_value,
    newValue: row.new_value,
    effectiveFrom: new Date(row.effective_from),
    recordedAt: new Date(row.recorded_at),
    changedBy: row.changed_by,
    reason: row.reason,
  };
}
