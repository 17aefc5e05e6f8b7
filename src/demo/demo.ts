import { randomBytes } from 'node:crypto';
import { Passwords } from '../domain/accounts/passwords.js';
import { sha256 } from '../domain/shared/secrets.js';
import type { DemoStore } from '../storage/transfer/demo-store.js';
import type { ImportTransaction, ReservedSensor } from '../storage/transfer/import-store.js';
import type { DemoSensor } from './sensor.js';
import { syntheticSensors } from './synthetic.js';
import { usgsSensors } from './usgs.js';

/** How to get into a demo account that was just made; the secrets this once. */
export interface DemoAccess {
  readonly username: string;
  readonly password: string;
  readonly token: string;
  /** The sensors' ids. */
  readonly sensorIds: readonly number[];
}

/** the demo's account, and its user and token */
export const DEMO_NAME = 'demo';
const PASSWORD_BYTES = 9;
const TOKEN_BYTES = 32;

/**
 * Creates a demo account with sensors and a month of pings that ends now, unless there is an
 * account already.
 * @returns undefined if there is one
 */
export async function createDemo(store: DemoStore, now: Date): Promise<DemoAccess | undefined> {
  const password = randomBytes(PASSWORD_BYTES).toString('hex');
  const token = `fg_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  const passwordHash = await new Passwords().hash(password);
  const sensors = [...syntheticSensors(now), ...(await usgsSensors(now))];
  let sensorIds: number[] = [];
  const isMade = await store.create(
    {
      accountName: DEMO_NAME,
      username: DEMO_NAME,
      passwordHash,
      tokenName: DEMO_NAME,
      tokenHash: sha256(token),
    },
    async (transaction) => {
      sensorIds = await fill(transaction, sensors);
    },
  );
  return isMade ? { username: DEMO_NAME, password, token, sensorIds } : undefined;
}

async function fill(
  transaction: ImportTransaction,
  sensors: readonly DemoSensor[],
): Promise<number[]> {
  const reserved: (DemoSensor & ReservedSensor)[] = [];
  for (const sensor of sensors) {
    const activatedAt = new Date(sensor.readings[0]![0]);
    reserved.push({ ...sensor, id: await transaction.reserveSensorId(), activatedAt });
  }
  await transaction.createSensors(reserved);
  const staging = await transaction.stage();
  for (const { id, readings } of reserved) {
    readings.forEach(([time, flowrate], index) => staging.add(id, time, flowrate, index));
    await staging.drain();
  }
  await staging.close();
  const ids = reserved.map(({ id }) => id);
  // The sensors are new, so that nothing is late.
  const cause = { by: 'operator', reasonCode: null, comment: 'demo' };
  await transaction.finish(await transaction.insert(ids, cause), undefined);
  return ids;
}
