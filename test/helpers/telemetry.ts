import type { Pings } from '../../src/domain/pings/pings.js';
import type { SensorRecord, UpdateSensorInput } from '../../src/domain/sensors/sensors.js';
import type { Principal } from '../../src/domain/shared/principal.js';
import { FIRST_INSTANT } from '../../src/domain/shared/time.js';
import type { TotalizerVolumes } from '../../src/domain/volumes/totalizer-volumes.js';
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
  readonly totalizerVolumes: TotalizerVolumes;
  readonly summaries: SummaryStore;
  readonly sensors: SensorStore;
  newAccount(name: string): Promise<Principal>;
  /** Changes settings of a sensor, from an instant on or ever since. */
  change(sensorId: number, input: UpdateSensorInput, effectiveFrom?: Date): Promise<SensorRecord>;
  newSensor(maxGap?: number, owner?: Principal): Promise<number>;
}

/** @param create makes the database */
export async function createTelemetry(create = createTestDatabase): Promise<Telemetry> {
  const test = await create();
  const { database } = test;
  const domain = createTestDomain(database);
  const { accounts, pings, volumes, totalizerVolumes, realtime } = domain;
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
    totalizerVolumes,
    summaries: new SummaryStore(database),
    change: (sensorId, input, effectiveFrom = FIRST_INSTANT) =>
      domain.sensors.update(principal, sensorId, input, { effectiveFrom }),
    newSensor: async (maxGap = 3600, owner = principal) =>
      (await sensors.create(owner.accountId, { name: 'Sensor', maxGap })).id,
  };
}
