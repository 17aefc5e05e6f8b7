import type { FlowSensor, Prisma, VolumeMethod } from '../../generated/prisma/client.js';
import type { Database, Statement, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { lockSensors, withLockTimeout } from '../summaries/lock-sensors.js';
import { ALL, ALL_START } from '../summaries/sql/level.js';
import { refresh, refreshLongGaps } from '../summaries/sql/refresh-summaries.js';
import {
  literally,
  SENSOR_COLUMNS,
  selectedSensors,
  sensorWindow,
  type SensorFilter,
  type SensorWindow,
} from './sql/sensor-window.js';

/** A device on a pipe. Degrees (WGS 84), inches, `maxGap` in seconds. */
export type SensorRecord = FlowSensor;

export type { VolumeMethod } from '../../generated/prisma/client.js';
export type {
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
}

/** What a volume over several sensors needs to know of each. */
export type SelectedSensor = Pick<SensorRecord, 'id' | 'method'>;

export type SensorChange = Partial<NewSensor>;

/** $1 int account id, $2 int sensor id */
const lockSensor: Statement = {
  name: 'lock_sensor',
  text: `SELECT ${SENSOR_COLUMNS} FROM flow_sensor WHERE account_id = $1 AND id = $2 FOR NO KEY UPDATE`,
};

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
      method = $9
    WHERE account_id = $1 AND id = $2 RETURNING ${SENSOR_COLUMNS}`,
};

/** $1 int sensor id */
const pingsOrRevisions: Statement = {
  name: 'pings_or_revisions',
  text: `
    SELECT EXISTS (SELECT FROM ping WHERE sensor_id = $1)
      OR EXISTS (SELECT FROM ping_revision WHERE sensor_id = $1) AS exists`,
};

/** A sync would otherwise go on copying into the sensor. $1 int account id, $2 int sensor id */
const deleteSyncedSensor: Statement = {
  name: 'delete_synced_sensor',
  text: 'DELETE FROM synced_sensor WHERE account_id = $1 AND sensor_id = $2',
};

/** Its empty summary is deleted with it. $1 int account id, $2 int sensor id */
const deleteSensor: Statement = {
  name: 'delete_sensor',
  text: 'DELETE FROM flow_sensor WHERE account_id = $1 AND id = $2',
};

export class SensorStore {
  constructor(private readonly database: Database) {}

  /**
   * Creates the sensor and, in the same transaction, its summary of all pings, the row that writers
   * of pings lock.
   */
  create(accountId: number, sensor: NewSensor): Promise<SensorRecord> {
    return this.database.prisma.flowSensor.create({
      data: { accountId, ...sensor, summaries: { create: NO_PINGS } },
    });
  }

  /**
   * Changes the given fields. Another `maxGap` also changes, in the same transaction, what of the
   * past counts as measured.
   * @returns undefined where the account has no such sensor
   * @throws LockTimeoutError where another transaction has locked its pings for too long
   */
  update(accountId: number, id: number, change: SensorChange): Promise<SensorRecord | undefined> {
    return this.database.transaction(async (transaction) => {
      const [stored] = await transaction.query<SensorRecord>(lockSensor, [accountId, id]);
      if (!stored) return undefined;
      const { name, latitude, longitude, pipeDiameter, activatedAt, maxGap, method } = {
        ...stored,
        ...change,
      };
      const [sensor] = await transaction.query<SensorRecord>(updateSensor, [
        ...[accountId, id],
        ...[
          name,
          latitude,
          longitude,
          pipeDiameter,
          activatedAt && instantParameter(activatedAt),
          maxGap,
          method,
        ],
      ]);
      if (maxGap !== stored.maxGap) await refreshCoverage(transaction, id, stored.maxGap, maxGap);
      return sensor;
    });
  }

  /** Those of the ids that the account has, in no order. */
  find(accountId: number, ids: readonly number[]): Promise<SensorRecord[]> {
    return this.database.reads.query(findSensors, [accountId, ids]);
  }

  /** In the given order, whichever end they are taken from. */
  async window(accountId: number, window: SensorWindow): Promise<SensorRecord[]> {
    const { statement, values } = sensorWindow(accountId, window);
    const sensors = await this.database.reads.query<SensorRecord>(statement, values);
    return window.from === 'first' ? sensors : sensors.reverse();
  }

  async count(accountId: number, filter: SensorFilter): Promise<number> {
    // Grouped, for Prisma's count() makes a subquery that a distributed table cannot count where
    // its rows are.
    const [counted] = await this.database.prisma.flowSensor.groupBy({
      by: ['accountId'],
      where: conditionOf(accountId, filter),
      _count: { _all: true },
    });
    return counted?._count._all ?? 0;
  }

  /** All the sensors that meet the filter, by id. */
  selected(accountId: number, filter: SensorFilter): Promise<SelectedSensor[]> {
    const { statement, values } = selectedSensors(accountId, filter);
    return this.database.reads.query(statement, values);
  }

  /**
   * Deletes a sensor that has never had a ping.
   * @returns undefined where the account has no such sensor, false where it has or had pings
   * @throws LockTimeoutError where another transaction has locked its pings for too long
   */
  delete(accountId: number, id: number): Promise<boolean | undefined> {
    return this.database.transaction(async (transaction) => {
      const [sensor] = await transaction.query(lockSensor, [accountId, id]);
      if (!sensor) return undefined;
      await withLockTimeout(transaction, () => transaction.query(lockSensors, [[id], 0]));
      const [record] = await transaction.query<{ exists: boolean }>(pingsOrRevisions, [id]);
      if (record?.exists) return false;
      await transaction.query(deleteSyncedSensor, [accountId, id]);
      await transaction.query(deleteSensor, [accountId, id]);
      return true;
    });
  }
}

/** Recomputes what of a sensor's summaries depends on its max gap (seconds), which was changed. */
async function refreshCoverage(
  transaction: Transaction,
  id: number,
  before: number,
  after: number,
): Promise<void> {
  await withLockTimeout(transaction, () => transaction.query(lockSensors, [[id], 0]));
  await refresh(transaction, refreshLongGaps, [id, Math.min(before, after)]);
}

const NO_PINGS = {
  level: ALL,
  start: new Date(ALL_START),
  pingCount: 0,
  measuredLinearVolume: 0,
  measuredStepVolume: 0,
  outageLinearVolume: 0,
  outageStepVolume: 0,
  coveredMs: 0,
  longestGapMs: 0,
  flowrateSum: 0,
} satisfies Prisma.PingSummaryCreateWithoutSensorInput;

function conditionOf(
  accountId: number,
  { ids, search }: SensorFilter,
): Prisma.FlowSensorWhereInput {
  return {
    accountId,
    ...(ids && { id: { in: [...ids] } }),
    ...(search && { name: { contains: literally(search), mode: 'insensitive' } }),
  };
}
