import { Pings, type PingObserver } from '../../src/domain/pings/pings.js';
import type { Principal } from '../../src/domain/shared/principal.js';
import { Volumes } from '../../src/domain/volumes/volumes.js';
import { NO_OUTBOX } from '../../src/storage/pings/ping-outbox.js';
import { PingStore } from '../../src/storage/pings/ping-store.js';
import { PingWriter } from '../../src/storage/pings/ping-writer.js';
import { SensorStore } from '../../src/storage/sensors/sensor-store.js';
import { SummaryStore } from '../../src/storage/summaries/summary-store.js';
import { VolumeStore } from '../../src/storage/volumes/volume-store.js';
import { createTestDatabase, type TestDatabase } from './database.js';

const NOBODY: PingObserver = { recorded: () => undefined, deleted: () => undefined };

/** The telemetry part of the domain over a database of its own, with one account that may do all. */
export interface Telemetry {
  readonly test: TestDatabase;
  readonly principal: Principal;
  readonly pings: Pings;
  readonly volumes: Volumes;
  readonly summaries: SummaryStore;
  readonly sensors: SensorStore;
  newAccount(name: string): Promise<Principal>;
  newSensor(maxGap?: number, owner?: Principal): Promise<number>;
}

export async function createTelemetry(): Promise<Telemetry> {
  const test = await createTestDatabase();
  const { database } = test;
  const sensors = new SensorStore(database);
  const newAccount = async (name: string): Promise<Principal> => {
    const account = await database.prisma.account.create({ data: { name } });
    return {
      accountId: account.id,
      accountName: name,
      actor: { kind: 'operator' },
      scopes: new Set(['ADMIN']),
    };
  };
  const principal = await newAccount('telemetry');
  return {
    test,
    principal,
    sensors,
    newAccount,
    pings: new Pings(
      new PingStore(database),
      new PingWriter(database, NO_OUTBOX),
      () => new Date(),
      NOBODY,
    ),
    volumes: new Volumes(new VolumeStore(database)),
    summaries: new SummaryStore(database),
    newSensor: async (maxGap = 3600, owner = principal) =>
      (await sensors.create(owner.accountId, { name: 'Sensor', maxGap })).id,
  };
}
