import { expect, test } from '@jest/globals';
import { planCapacity } from '../../../src/domain/system/capacity-plan.js';
import { NODES_VARIABLE } from '../../helpers/database.js';
import { createTelemetry } from '../../helpers/telemetry.js';

const SENSORS = 5;
const DAYS = 100;
const INPUT = {
  ...{ sensors: SENSORS, interval: 300, days: DAYS, retentionDays: Infinity },
  ...{ endpoints: 0, reads: 0, isBatched: true },
};

/** SQL; on a cluster that of all shards. */
function sizeOf(table: string): string {
  const isOnCluster = process.env[NODES_VARIABLE] !== undefined;
  return `${isOnCluster ? 'citus' : 'pg'}_total_relation_size('${table}')`;
}

test('the plan of a small installation agrees with its database within a fifth', async () => {
  const { test: db, newSensor, summaries } = await createTelemetry();
  const { pool } = db.database;
  for (let index = 0; index < SENSORS; index++) {
    const id = await newSensor();
    await pool.query(
      `INSERT INTO ping (sensor_id, datetime, flowrate)
       SELECT $1, timestamptz '2025-01-01Z' + n * interval '5 minutes', n % 977
       FROM generate_series(0, $2::int * 288 - 1) AS n`,
      [id, DAYS],
    );
    await summaries.rebuild(id);
  }
  const { rows } = await pool.query<{ pings: number; summaries: number; bytes: number }>(
    `SELECT (SELECT count(*) FROM ping)::int AS pings, (SELECT count(*) FROM ping_summary)::int AS summaries,
       (${sizeOf('ping')} + ${sizeOf('ping_summary')})::float8 AS bytes`,
  );
  await db.drop();
  const [actual] = rows;
  const planned = planCapacity(INPUT);
  expect(planned.storedPings).toBe(actual!.pings);
  for (const figure of ['summaries', 'bytes'] as const) {
    expect(planned[figure] / actual![figure]).toBeGreaterThan(0.8);
    expect(planned[figure] / actual![figure]).toBeLessThan(1.25);
  }
});

test('commits, changed pages and volumes take disk operations, and prices make a cost of them', () => {
  const input = { ...INPUT, sensors: 3000, interval: 300, isBatched: false };
  const idle = planCapacity(input);
  // Each reading is a commit of its own, and 2.6 pages are written for it at the next checkpoint.
  expect(idle.diskOperations).toBe(36);
  expect(idle.logBytes).toBeCloseTo(10 * (1700 + 13_400));
  expect(planCapacity({ ...input, reads: 1 }).diskOperations).toBeGreaterThan(36);
  expect(planCapacity({ ...input, isBatched: true }).diskOperations).toBe(27);
  expect(idle.cost).toBeUndefined();
  const prices = { core: 20, gigabyte: 0.5, operation: 0.25 };
  const { cost, cores, bytes } = planCapacity({ ...input, prices });
  expect(cost).toBeCloseTo(20 * cores + (0.5 * bytes) / 1e9 + 0.25 * 36);
});

test('a retention leaves two readings an hour of what is older, and readings one by one take more cores', () => {
  const kept = planCapacity({ ...INPUT, interval: 60, days: 400, retentionDays: 100 });
  expect(kept.storedPings).toBe(SENSORS * (100 * 1440 + 300 * 48));
  const million = { ...INPUT, sensors: 1_000_000, interval: 60 };
  const [batched, single] = [true, false].map((isBatched) =>
    planCapacity({ ...million, isBatched }),
  );
  expect(single!.cores).toBeGreaterThan(10 * batched!.cores);
});
