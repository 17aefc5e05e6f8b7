import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const NOON = Date.parse('2024-05-01T12:00:00Z');

interface Placement {
  readonly shardid: string;
  readonly nodename: string;
  readonly nodeport: number;
}

let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await createTelemetry();
});
afterAll(() => telemetry.test.drop());

async function rowsOf<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await telemetry.test.database.pool.query<Row>(sql, values)).rows;
}

test('readings that are recorded while shards move to another node and back are all stored, summarised and found', async () => {
  const { pings, principal, summaries, volumes } = telemetry;
  const sensors: number[] = [];
  for (let n = 0; n < 8; n++) sensors.push(await telemetry.newSensor());
  const range = { start: new Date(NOON), end: new Date(NOON + 3_600_000) };
  const recorded = new Map<number, number>();
  const moved = new AbortController();
  const recording = Promise.all(
    sensors.map(async (sensorId) => {
      for (let second = 0; !moved.signal.aborted; second++) {
        const reading = { sensorId, datetime: new Date(NOON + second * 1000), flowrate: second };
        await pings.record(principal, [reading], { onConflict: 'REJECT' });
        recorded.set(sensorId, second + 1);
      }
    }),
  );
  const reading = (async () => {
    while (!moved.signal.aborted) {
      const before = new Map(recorded);
      const found = await volumes.ofRange(principal, sensors, range, 'STEP');
      for (const [sensorId, count] of before) {
        expect(found.get(sensorId)!.pingCount).toBeGreaterThanOrEqual(count);
      }
    }
  })();
  try {
    await Promise.race([recording, reading, moveThereAndBack()]);
  } finally {
    moved.abort();
  }
  await Promise.all([recording, reading]);
  for (const sensorId of sensors) {
    const [stored] = await rowsOf<{ count: string }>(
      'SELECT count(*) FROM ping WHERE sensor_id = $1',
      [sensorId],
    );
    expect(Number(stored!.count)).toBe(recorded.get(sensorId));
    expect(await summaries.check(sensorId)).toEqual([]);
  }
});

/** Moves each shard of the sensors of one node to the other, and back, one after the other. */
async function moveThereAndBack(): Promise<void> {
  const placements = await rowsOf<Placement>(
    `SELECT shardid, nodename, nodeport FROM citus_shards
     WHERE table_name = 'flow_sensor'::regclass ORDER BY nodeport, shardid`,
  );
  const from = placements[0]!;
  const to = placements.find(({ nodeport }) => nodeport !== from.nodeport)!;
  const moved = placements.filter(({ nodeport }) => nodeport === from.nodeport);
  for (const [one, other] of [
    [from, to],
    [to, from],
  ] as const) {
    for (const { shardid } of moved) {
      await rowsOf(`SELECT citus_move_shard_placement($1, $2, $3, $4, $5, 'block_writes')`, [
        ...[shardid, one.nodename, one.nodeport, other.nodename, other.nodeport],
      ]);
    }
  }
}
