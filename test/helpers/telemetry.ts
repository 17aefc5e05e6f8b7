import type { Pings } from '../../src/domain/pings/pings.js';
import type { Principal } from '../../src/domain/shared/principal.js';
import type { Volumes } from '../../src/domain/volumes/volumes.js';
import { SensorStore } from '../../src/storage/sensors/sensor-store.js';
import { SummaryStore } from '../../src/storage/summaries/summary-store.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { createTestDomain } from './domain.js';

/** The domain's telemetry over an own database, with one account that may do everything. */
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
  const { accounts, pings, volumes, realtime } = createTestDomain(database);
  const sensors = new SensorStore(database);
  const newAccount = async (name: string): Promise<Principal> => {
    await accounts.create(name);
    return accounts.operatorIn({ name });
  };
  const principal = await newAccount('telemetry');
  return {
    test: {
      ...test,
      drop: async () => {
        await realtime.close();
        await test.drop();
      },
    },
    principal,
    sensors,
    newAccount,
    pings,
    volumes,
    summaries: new SummaryStore(database),
    newSensor: async (maxGap = 3600, owner = principal) =>
      (await sensors.create(owner.accountId, { name: 'Sensor', maxGap })).id,
  };
}
