import type { FlowSensor } from '../../generated/prisma/client.js';
import type { Reader } from '../postgres/reader.js';
import type { AuditEntry } from '../audit/audit-entry.js';
import type { Database, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import {
  configurationAt,
  configurationChangeCounts,
  configurationChanges,
  logConfiguration,
} from './sql/configuration.js';

/** The settings whose changes are logged, by the names that the log gives them. */
export const PARAMETERS = {
  NAME: 'name',
  LATITUDE: 'latitude',
  LONGITUDE: 'longitude',
  PIPE_DIAMETER: 'pipeDiameter',
  ACTIVATED_AT: 'activatedAt',
  MAX_GAP: 'maxGap',
  METHOD: 'method',
  METER_FACTOR: 'meterFactor',
  TOTALIZER_ROLLOVER: 'totalizerRollover',
  ENTRY_UNIT: 'entryUnit',
  CALENDAR: 'calendar',
  CHECKS: 'checks',
  TAGS: 'tags',
  RETIRED_AT: 'retiredAt',
  CONTINUES_SENSOR: 'continuesSensorId',
  CONTINUES_FROM: 'continuesFrom',
} as const;

export type Parameter = keyof typeof PARAMETERS;

/** The settings of a sensor. Degrees (WGS 84), inches, `maxGap` in seconds. */
export type SensorConfiguration = Pick<FlowSensor, (typeof PARAMETERS)[Parameter]>;

/** Who changes settings, why, and from when on. */
export interface ConfigurationEdit {
  readonly by: string;
  readonly reason?: string | null;
  /** undefined: from `now` on, or ever since for a sensor without pings */
  readonly effectiveFrom?: Date | undefined;
  readonly now: Date;
  /** the event of a change of these parameters */
  readonly audit?: (parameters: readonly Parameter[]) => AuditEntry;
}

/** A change as it is stored; values as text, instants in milliseconds since 1970. */
export interface ConfigurationChangeRow {
  readonly id: string;
  readonly sensor_id: number;
  readonly parameter: Parameter;
  readonly old_value: string | null;
  readonly new_value: string | null;
  readonly effective_from: number;
  readonly recorded_at: number;
  readonly changed_by: string;
  readonly reason: string | null;
}

/**
 * Changes in a row, newest first: from the first or the last of those between two of them, both
 * exclusive.
 */
export interface ConfigurationWindow {
  /** newer than all of them */
  readonly after?: string | undefined;
  /** older than all of them */
  readonly before?: string | undefined;
  readonly take: number;
  readonly from: 'first' | 'last';
}

interface ValueRow {
  readonly sensor_id: number;
  readonly parameter: Parameter;
  readonly value: string | null;
  readonly is_changed_later: boolean;
}

/** Reads the history of sensors' settings. */
export class ConfigurationStore {
  constructor(private readonly database: Database) {}

  /** Of each sensor up to `window.take` changes, from the newest or from the oldest one on. */
  window(
    reader: Reader,
    sensorIds: readonly number[],
    { after, before, take, from }: ConfigurationWindow,
  ): Promise<ConfigurationChangeRow[]> {
    return this.database.reads.query(
      reader,
      configurationChanges[from === 'first' ? 'DESC' : 'ASC'],
      [...[reader.accountId, sensorIds], ...[after ?? null, before ?? null, take]],
    );
  }

  counts(
    reader: Reader,
    sensorIds: readonly number[],
  ): Promise<{ sensor_id: number; count: number }[]> {
    return this.database.reads.query(reader, configurationChangeCounts, [
      reader.accountId,
      sensorIds,
    ]);
  }

  /** Of each sensor the settings that were ever changed, as they are in force at an instant. */
  async at(
    reader: Reader,
    sensorIds: readonly number[],
    instant: Date,
  ): Promise<Map<number, Partial<SensorConfiguration>>> {
    const rows = await this.database.reads.query<ValueRow>(reader, configurationAt, [
      ...[reader.accountId, sensorIds, instantParameter(instant)],
    ]);
    const found = new Map<number, Record<string, unknown>>(sensorIds.map((id) => [id, {}]));
    for (const { sensor_id, parameter, value } of rows) {
      const settings = found.get(sensor_id);
      if (settings) settings[PARAMETERS[parameter]] = readValue(parameter, value);
    }
    return found;
  }
}

/**
 * Logs what differs between a sensor as it is stored and as it will be, of the given settings, and
 * what an effective date in the past overrides. The caller has locked the sensor, and with
 * `recordedAt` also its pings, at that instant.
 * @returns the parameters that change
 */
export async function logConfigurationChanges(
  transaction: Transaction,
  stored: SensorConfiguration & Pick<FlowSensor, 'id' | 'accountId'>,
  change: Partial<SensorConfiguration>,
  {
    by,
    reason = null,
    effectiveFrom,
    recordedAt,
  }: ConfigurationEdit & { readonly effectiveFrom: Date; readonly recordedAt: Date | undefined },
): Promise<Parameter[]> {
  const from = instantParameter(effectiveFrom);
  const { accountId, id } = stored;
  const rows = await transaction.query<ValueRow>(configurationAt, [accountId, [id], from]);
  const inForce = new Map(rows.map((row) => [row.parameter, row]));
  const changes = parametersOf(change).flatMap((parameter) => {
    const field = PARAMETERS[parameter];
    const [current, next] = [writeValue(stored[field]), writeValue(change[field] ?? null)];
    const before = inForce.get(parameter);
    const old = before ? before.value : current;
    const isChanged = next !== old || next !== current || before?.is_changed_later === true;
    return isChanged ? [{ parameter, old, next }] : [];
  });
  if (changes.length > 0) {
    await transaction.query(logConfiguration, [
      id,
      changes.map(({ parameter }) => parameter),
      changes.map(({ old }) => old),
      changes.map(({ next }) => next),
      ...[from, by, reason, recordedAt ? instantParameter(recordedAt) : null],
    ]);
  }
  return changes.map(({ parameter }) => parameter);
}

function parametersOf(change: Partial<SensorConfiguration>): Parameter[] {
  return (Object.keys(PARAMETERS) as Parameter[]).filter(
    (parameter) => change[PARAMETERS[parameter]] !== undefined,
  );
}

function writeValue(value: string | number | Date | readonly string[] | null): string | null {
  if (value === null) return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(TAG_SEPARATOR);
  return value instanceof Date ? value.toISOString() : String(value);
}

/** No tag contains a comma. */
const TAG_SEPARATOR = ', ';

const TEXTS: ReadonlySet<Parameter> = new Set([
  ...(['NAME', 'METHOD', 'ENTRY_UNIT', 'CALENDAR', 'CHECKS'] as const),
]);
const INSTANTS: ReadonlySet<Parameter> = new Set(['ACTIVATED_AT', 'RETIRED_AT', 'CONTINUES_FROM']);

function readValue(parameter: Parameter, value: string | null) {
  if (parameter === 'TAGS') return value === null ? [] : value.split(TAG_SEPARATOR);
  if (value === null || TEXTS.has(parameter)) return value;
  return INSTANTS.has(parameter) ? new Date(value) : Number(value);
}
