import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { instantParameter } from '../../../src/storage/postgres/instant-parameter.js';
import { bucketVolumes, BOUNDARIES } from '../../../src/storage/volumes/sql/flow-volumes.js';
import { splitBuckets } from '../../../src/storage/volumes/sql/range-pieces.js';
import { VolumeStore } from '../../../src/storage/volumes/volume-store.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

/** hours after the start, flowrates: what is hard to write exactly, an outage, hours without a ping */
const READINGS = [
  [-1.5, 1e15],
  [0.1, 0.1 + 0.2],
  [0.35, -1e-30],
  [0.9, 1 / 3],
  [1.7, -999_999_999_999_999.9],
  [6.2, 0],
  [6.3, 12.5],
  [30.2, -7 / 3],
] as const;

const EDGE_HOURS = [0, 1, 2, 3, 4.5, 6, 7, 7.25, 24, 48, 72];

let telemetry: Telemetry;
let sensor: number;
let without: number;

beforeAll(async () => {
  telemetry = await createTelemetry();
  sensor = await telemetry.newSensor();
  without = await telemetry.newSensor();
  const pings = READINGS.map(([hour, flowrate]) => ({
    sensorId: sensor,
    datetime: new Date(START + hour * HOUR),
    flowrate,
  }));
  await telemetry.pings.record(telemetry.principal, pings, { onConflict: 'REJECT' });
});

afterAll(() => telemetry.test.drop());

test.each(['LINEAR', 'STEP'] as const)(
  'Every figure of every bucket is read as PostgreSQL computes it: %s',
  async (method) => {
    const { database } = telemetry.test;
    const edges = EDGE_HOURS.map((hour) => new Date(START + hour * HOUR));
    const { rows } = await database.pool.query<Record<string, number | null>>(
      `WITH ${splitBuckets(BOUNDARIES)} SELECT v.* FROM flow_sensor s
       CROSS JOIN LATERAL (${bucketVolumes(method)}) AS v
       WHERE s.account_id = $1 AND s.id = $2 ORDER BY bucket`,
      [telemetry.principal.accountId, sensor, edges.map(instantParameter)],
    );

    const store = new VolumeStore(database);
    const sensors = [sensor, without];
    const found = await store.between(telemetry.principal.accountId, sensors, edges, method);
    const buckets = [...(found.get(sensor) ?? [])].sort(([one], [other]) => one - other);

    expect(rows).toHaveLength(9);
    expect(
      buckets.map(([bucket, volume]) => ({
        bucket,
        ping_count: volume.pingCount,
        volume: volume.volume,
        covered_ms: volume.coveredMs,
        spanned_ms: volume.spannedMs,
        min_flowrate: volume.minFlowrate,
        max_flowrate: volume.maxFlowrate,
        lowest: volume.lowest,
        highest: volume.highest,
      })),
    ).toEqual(rows);
    expect(found.get(without)).toEqual(new Map());
  },
);
