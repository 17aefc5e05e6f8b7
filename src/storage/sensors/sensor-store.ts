import type { FlowSensor, VolumeMethod } from '../../generated/prisma/client.js';
import type { Reader } from '../postgres/reader.js';
import { createEvent, logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database, Statement } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { maxGapHistory, meterFactorHistory, methodHistory } from './history.js';
import { historyParameters } from './history-parameters.js';
import { readCandidate, type ContinuationCandidate } from './continuation-store.js';
import { logConfigurationChanges, type ConfigurationEdit } from './configuration-store.js';
import { deleteSensor } from './delete-sensor.js';
import { lockPings, lockSensor } from './lock-sensor.js';
import { NO_PINGS } from './no-pings.js';
import { refuseThinned } from './refuse-thinned.js';
import { tagKeys } from './tag-keys.js';
import { ALL, ALL_START } from '../summaries/sql/level.js';
import { refresh, refreshLongGaps } from '../summaries/sql/refresh-summaries.js';
import {
  sensorCount,
  SENSOR_COLUMNS,
  selectedSensors,
  sensorWindow,
  type SensorFilter,
  type SensorWindow,
} from './sql/sensor-window.js';

/** A device on a pipe. Degrees (WGS 84), inches, `maxGap` in seconds. */
export type SensorRecord = Omit<FlowSensor, keyof EarlierSettings | 'tagKeys'> & EarlierSettings;

/** What the settings that apply to times were earlier; null where they never changed. */
export interface EarlierSettings {
  readonly maxGapChangedAt: Date[] | null;
  readonly earlierMaxGaps: number[] | null;
  readonly methodChangedAt: Date[] | null;
  readonly earlierMethods: VolumeMethod[] | null;
  readonly meterFactorChangedAt: Date[] | null;
  readonly earlierMeterFactors: number[] | null;
}

export type { VolumeMethod } from '../../generated/prisma/client.js';
export type { ConfigurationEdit } from './configuration-store.js';
export type {
  RetiredFilter,
  SensorFilter,
  SensorOrder,
  SensorPosition,
  SensorWindow,
} from './sql/sensor-window.js';

export interface NewSensor {
  readonly name: string;
  readonly latitude?: number | null;
  readonly longitude?: number | null;
  readonly pipeDiameter?: number | null;
  readonly activatedAt?: Date | null;
  readonly maxGap?: number;
  readonly method?: VolumeMethod;
  readonly meterFactor?: number;
  readonly entryUnit?: string;
  readonly calendar?: string | null;
  readonly tags?: string[];
}

/** What a volume over several sensors needs to know of each. */
export type SelectedSensor = Pick<
  SensorRecord,
  'id' | 'method' | 'retiredAt' | 'continuesFrom' | 'methodChangedAt' | 'earlierMethods'
>;

export type SensorChange = Partial<
  NewSensor & Pick<SensorRecord, 'retiredAt' | 'continuesSensorId' | 'continuesFrom' | 'checks'>
>;

/** What may refuse or complete a change, in its transaction. */
export interface ChangeRules {
  readonly lastPing?: (lastPingAt: Date | undefined) => void;
  /** @returns from when on the sensor continues the other one */
  readonly continuation?: (candidate: ContinuationCandidate) => Date;
}

/** $1 int account id, $2 int[] sensor ids */
const findSensors: Statement = {
  name: 'find_sensors',
  text: `SELECT ${SENSOR_COLUMNS} FROM flow_sensor WHERE account_id = $1 AND id = ANY($2::int[])`,
};

/** $1 int account id, $2 int sensor id, then what changes */
const updateSensor: Statement = {
  name: 'update_sensor',
  text: `
    UPDATE flow_sensor
    SET name = $3, latitude = $4, longitude = $5, pipe_diameter = $6, activated_at = $7, max_gap = $8,
      method = $9, retired_at = $10, continues_sensor_id = $11, continues_from = $12,
      max_gap_changed_at = $13, earlier_max_gaps = $14, method_changed_at = $15, earlier_methods = $16,
      entry_unit = $17, calendar = $18, checks = $19, meter_factor = $20, meter_factor_changed_at = $21,
      earlier_meter_factors = $22, tags = $23, tag_keys = $24
    WHERE account_id = $1 AND id = $2 RETURNING ${SENSOR_COLUMNS}`,
};

/** Milliseconds since 1970, null before the first. $1 int sensor id */
const lastPingAt: Statement = {
  name: 'last_ping_at',
  text: `
    SELECT round(date_part('epoch', greatest(last_at, last_bad_at)) * 1000) AS at FROM ping_summary
    WHERE sensor_id = $1 AND level = ${ALL}`,
};

export class SensorStore {
  constructor(private readonly database: Database) {}

  /**
   * Creates the sensor and, in the same transaction, its summary of all pings, the row that writers
   * of pings lock.
   */
  create(
    accountId: number,
    sensor: NewSensor,
    audit?: (id: number) => AuditEntry,
  ): Promise<SensorRecord> {
    return this.database.prisma.$transaction(async (transaction) => {
      const { tags = [] } = sensor;
      const created = await transaction.flowSensor.create({
        data: { accountId, ...sensor, tagKeys: tagKeys(tags), summaries: { create: NO_PINGS } },
      });
      if (audit) await createEvent(transaction, audit(created.id));
      return { ...created, ...UNCHANGED };
    });
  }

  /**
   * Changes the given fields and logs the changes. Another `maxGap` also changes, in the same
   * transaction, what of the past counts as measured.
   * @returns undefined where the account has no such sensor
   * @throws LockTimeoutError where another transaction has locked its pings for too long
   */
  update(
    accountId: number,
    id: number,
    asked: SensorChange,
    edit: ConfigurationEdit,
    rules: ChangeRules = {},
  ): Promise<SensorRecord | undefined> {
    return this.database.transaction(async (transaction) => {
      const [stored] = await transaction.query<SensorRecord>(lockSensor, [accountId, id]);
      if (!stored) return undefined;
      const continuesFrom =
        asked.continuesSensorId &&
        rules.continuation?.(await readCandidate(transaction, accountId, asked.continuesSensorId));
      const change = continuesFrom ? { ...asked, continuesFrom } : asked;
      const next = { ...stored, ...change };
      const { maxGap, retiredAt, entryUnit, meterFactor } = change;
      const isOfPings = [maxGap, retiredAt, entryUnit, meterFactor].some(
        (value) => value !== undefined,
      );
      const recordedAt = isOfPings ? await lockPings(transaction, id) : undefined;
      const [last] = await transaction.query<{ at: number | null }>(lastPingAt, [id]);
      const lastAt = last?.at ?? null;
      rules.lastPing?.(lastAt === null ? undefined : new Date(lastAt));
      const effectiveFrom =
        edit.effectiveFrom ?? (lastAt === null ? new Date(ALL_START) : edit.now);
      const changed = await logConfigurationChanges(transaction, stored, change, {
        ...edit,
        effectiveFrom,
        recordedAt,
      });
      if (changed.length === 0) return stored;
      if (edit.audit) await logEvent(transaction, edit.audit(changed));
      const instants = [next.activatedAt, next.retiredAt, next.continuesFrom].map(
        (at) => at && instantParameter(at),
      );
      await refuseThinned(transaction, accountId, change, effectiveFrom);
      const maxGaps = maxGapHistory(stored);
      const [sensor] = await transaction.query<SensorRecord>(updateSensor, [
        ...[accountId, id, next.name, next.latitude, next.longitude, next.pipeDiameter],
        ...[instants[0], next.maxGap, next.method, instants[1]],
        ...[next.continuesSensorId, instants[2]],
        ...historyParameters(maxGaps, change.maxGap, effectiveFrom),
        ...historyParameters(methodHistory(stored), change.method, effectiveFrom),
        ...[next.entryUnit, next.calendar, next.checks, next.meterFactor],
        ...historyParameters(meterFactorHistory(stored), change.meterFactor, effectiveFrom),
        ...[next.tags, tagKeys(next.tags)],
      ]);
      if (changed.includes('MAX_GAP')) {
        const least = Math.min(next.maxGap, maxGaps.current, ...maxGaps.earlier);
        await refresh(transaction, refreshLongGaps, [id, least, instantParameter(effectiveFrom)]);
      }
      return sensor;
    });
  }

  /** Those of the ids that the account has, in no order. */
  find(reader: Reader, ids: readonly number[]): Promise<SensorRecord[]> {
    return this.database.reads.query(reader, findSensors, [reader.accountId, ids]);
  }

  /** In the given order, whichever end they are taken from. */
  async window(reader: Reader, window: SensorWindow): Promise<SensorRecord[]> {
    const { statement, values } = sensorWindow(reader.accountId, window);
    const sensors = await this.database.reads.query<SensorRecord>(reader, statement, values);
    return window.from === 'first' ? sensors : sensors.reverse();
  }

  async count(reader: Reader, filter: SensorFilter): Promise<number> {
    const { statement, values } = sensorCount(reader.accountId, filter);
    const [row] = await this.database.reads.query<{ count: number }>(reader, statement, values);
    return row!.count;
  }

  /**
   * All the sensors that meet the filter, by id.
   * @param since where retired sensors are left out, those that retired later are not
   */
  selected(reader: Reader, filter: SensorFilter, since: Date): Promise<SelectedSensor[]> {
    const { statement, values } = selectedSensors(reader.accountId, filter, since);
    return this.database.reads.query(reader, statement, values);
  }

  /**
   * Deletes a sensor that has never had a ping.
   * @returns undefined where the account has no such sensor, false where it has or had pings, the id
   * of a sensor that continues it
   * @throws LockTimeoutError where another transaction has locked its pings for too long
   */
  delete(
    accountId: number,
    id: number,
    audit: (name: string) => AuditEntry,
  ): Promise<boolean | number | undefined> {
    return this.database.transaction((transaction) =>
      deleteSensor(transaction, accountId, id, audit),
    );
  }
}

const UNCHANGED: EarlierSettings = {
  maxGapChangedAt: null,
  earlierMaxGaps: null,
  methodChangedAt: null,
  earlierMethods: null,
  meterFactorChangedAt: null,
  earlierMeterFactors: null,
};
