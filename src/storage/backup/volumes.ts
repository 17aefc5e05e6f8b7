import type { Transaction } from '../postgres/database.js';
import { cutsParameter } from '../volumes/range-cuts.js';
import { sensorVolume } from '../volumes/sql/flow-volumes.js';
import type { SensorVolumes } from './format.js';

// From before the first to after the last instant that a ping can have.
const ALWAYS = cutsParameter({
  start: new Date('0001-01-01T00:00:00Z'),
  end: new Date('+010000-01-01T00:00:00Z'),
});

/** Each sensor's volumes over all of its time, as the APIs compute them. */
export async function readVolumes(transaction: Transaction): Promise<SensorVolumes[]> {
  const { rows } = await transaction.client.query<{ id: number; account_id: number }>(
    'SELECT id, account_id FROM flow_sensor ORDER BY id',
  );
  const volumes: SensorVolumes[] = [];
  for (const { id, account_id } of rows) {
    const volume = async (method: keyof typeof sensorVolume) => {
      const [row] = await transaction.query<{ volume: number }>(sensorVolume[method], [
        account_id,
        id,
        ALWAYS,
      ]);
      return row?.volume ?? 0;
    };
    volumes.push({ sensorId: id, linear: await volume('LINEAR'), step: await volume('STEP') });
  }
  return volumes;
}
