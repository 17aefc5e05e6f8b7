import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Domain } from '../../src/composition/domain.js';
import type { FlowVolume } from '../../src/domain/volumes/volumes.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { createTestDomain } from './domain.js';
import { createTenant, type Tenant } from './graphql.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
export const ORIGIN = Date.parse('2024-03-09T22:00:00Z');
export const HOURS = 60;
export const DAYS = 31;
// The last whole day that is old enough then ends 50 hours after ORIGIN.
export const NOW = new Date(ORIGIN + HOURS * HOUR + DAYS * DAY);
export const THINNED_UNTIL = Date.parse('2024-03-12T00:00:00Z');

type Quality = 'GOOD' | 'UNCERTAIN' | 'BAD';

/** An instant, in milliseconds since ORIGIN. */
export const at = (offset: number) => new Date(ORIGIN + offset);
export const range = (start: number, end: number) => ({ start: at(start), end: at(end) });

/** A domain whose clock shows NOW, with an account of its own for each test of the file. */
export class RetentionWorld {
  db!: TestDatabase;
  domain!: Domain;
  tenant!: Tenant;
  private accounts = 0;

  constructor() {
    beforeAll(async () => {
      this.db = await createTestDatabase();
      this.domain = createTestDomain(this.db.database, { clock: () => NOW });
    });
    beforeEach(async () => {
      this.tenant = await this.newTenant();
    });
    afterAll(async () => {
      await this.domain.authenticator.close();
      await this.db.drop();
    });
  }

  newTenant(): Promise<Tenant> {
    return createTenant(this.db, `account ${this.accounts++}`);
  }

  async newSensor(maxGap = 3600): Promise<number> {
    const { sensors } = this.domain;
    return (await sensors.create(this.tenant.principal, { name: 'Sensor', maxGap })).id;
  }

  record(sensorId: number, readings: readonly (readonly [number, number, Quality?])[]) {
    const pings = readings.map(([offset, flowrate, quality = 'GOOD']) => {
      return { sensorId, datetime: at(offset), flowrate, quality };
    });
    return this.domain.pings.record(this.tenant.principal, pings, { onConflict: 'REJECT' });
  }

  /** A reading every minute for some hours, flowrates that differ. */
  async recordMinutes(sensorId: number, hours: number): Promise<void> {
    await this.record(
      sensorId,
      Array.from({ length: hours * 60 }, (_, minute) => [minute * MINUTE, (minute * 37) % 1000]),
    );
  }

  /** @returns how many readings were removed */
  async thin(): Promise<number> {
    const { retention } = this.domain;
    await retention.set(this.tenant.principal, DAYS);
    return (await retention.thin()).pings;
  }

  async volume(
    sensorId: number,
    start: number,
    end: number,
    method: 'LINEAR' | 'STEP' = 'LINEAR',
    asOf?: Date,
  ): Promise<FlowVolume> {
    const of = range(start, end);
    const { volumes } = this.domain;
    const { principal } = this.tenant;
    return (await volumes.ofRange(principal, [sensorId], of, method, asOf)).get(sensorId)!;
  }
}
