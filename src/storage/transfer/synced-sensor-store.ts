import { logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database, Statement } from '../postgres/database.js';
import {
  insertImportedSensors,
  reserveSensorId,
  type ReservedSensor,
} from './insert-imported-sensors.js';

/** A sensor that is a copy of an upstream's sensor. */
export interface SyncedSensor {
  readonly sensorId: number;
  /** all pings up to here were copied; null before the first copy */
  readonly copiedTo: Date | null;
}

/** Identifies an upstream's sensor for one account. */
export interface SyncedKey {
  readonly accountId: number;
  readonly upstream: string;
  readonly upstreamId: number;
}

/** An upstream's sensor that a sensor is a copy of. */
export interface UpstreamSensorKey extends Omit<SyncedKey, 'accountId'> {
  /** all pings up to here were copied; null before the first copy */
  readonly copiedTo: Date | null;
}

/** $1 int account id, $2 text upstream, $3 int upstream's id, $4 int sensor id */
const insertSynced: Statement = {
  name: 'insert_synced_sensor',
  text: `INSERT INTO synced_sensor (account_id, upstream, upstream_id, sensor_id) VALUES ($1, $2, $3, $4)`,
};

export class SyncedSensorStore {
  constructor(private readonly database: Database) {}

  find(key: SyncedKey): Promise<SyncedSensor | null> {
    return this.database.prisma.syncedSensor.findUnique({
      where: { accountId_upstream_upstreamId: key },
      select: { sensorId: true, copiedTo: true },
    });
  }

  /** The upstreams' sensors that sensors are copies of, by sensor. */
  async ofSensors(
    accountId: number,
    sensorIds: readonly number[],
  ): Promise<Map<number, UpstreamSensorKey>> {
    const rows = await this.database.prisma.syncedSensor.findMany({
      where: { accountId, sensorId: { in: [...sensorIds] } },
      select: { sensorId: true, upstream: true, upstreamId: true, copiedTo: true },
    });
    return new Map(rows.map(({ sensorId, ...key }) => [sensorId, key]));
  }

  /** Creates the copy. Of two simultaneous calls, a unique violation stops the second. */
  create(
    key: SyncedKey,
    sensor: Omit<ReservedSensor, 'id'>,
    audit: (sensorId: number) => AuditEntry,
  ): Promise<SyncedSensor> {
    const { accountId, upstream, upstreamId } = key;
    return this.database.transaction(async (transaction) => {
      const id = await reserveSensorId(transaction);
      await insertImportedSensors(transaction, accountId, [{ ...sensor, id }]);
      await transaction.query(insertSynced, [accountId, upstream, upstreamId, id]);
      await logEvent(transaction, audit(id));
      return { sensorId: id, copiedTo: null };
    });
  }

  async setCopiedTo(key: SyncedKey, copiedTo: Date): Promise<void> {
    await this.database.prisma.syncedSensor.update({
      where: { accountId_upstream_upstreamId: key },
      data: { copiedTo },
    });
  }
}
