import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { instantParameter } from '../../../src/storage/postgres/instant-parameter.js';
import { bucketVolumes, BOUNDARIES } from '../../../src/storage/volumes/sql/bucket-volumes.js';
import { splitBuckets } from '../../../src/storage/volumes/sql/range-pieces.js';
import type { BucketVolume } from '../../../src/storage/volumes/bucket-volume.js';
import { VolumeStore } from '../../../src/storage/volumes/volume-store.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

/**
 * hours after the start, flowrates: what is hard to write exactly, an outage, hours without a ping
 */
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
const BUCKETS = [
  ['of any length', EDGE_HOURS],
  [
    'of hours, the outermost clipped',
    [-1.75, ...Array.from({ length: 31 }, (_, hour) => hour - 1), 29.5],
  ],
  ['of days, the outermost clipped', [-30.5, -24, 0, 24, 30.1]],
] as const;

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

describe.each(BUCKETS)('Buckets %s', (_what, edgeHours) => {
  test.each(['LINEAR', 'STEP'] as const)(
    'have every figure as PostgreSQL computes it by the method %s, also the volume alone',
    async (method) => {
      const { database } = telemetry.test;
      const edges = edgeHours.map((hour) => new Date(START + hour * HOUR));
      const { rows } = await database.pool.query<Record<string, number | null>>(
        `WITH ${splitBuckets(BOUNDARIES)} SELECT v.* FROM flow_sensor s
       CROSS JOIN LATERAL (${bucketVolumes(method, 'ALL')}) AS v
       WHERE s.account_id = $1 AND s.id = $2 ORDER BY bucket`,
        [telemetry.principal.accountId, sensor, edges.map(instantParameter)],
      );

      const store = new VolumeStore(database);
      const sensors = [sensor, without];
      const { volumes: found } = await store.between(telemetry.principal, sensors, edges, method);

      if (edgeHours === EDGE_HOURS) expect(rows).toHaveLength(9);
      const byBucket = new Map(rows.map((row) => [row.bucket, row]));
      const ranges = edges.slice(1).map((end, index) => ({ start: edges[index]!, end }));
      expect(figuresOf(found.get(sensor)!)).toEqual(
        ranges.map(({ start, end }, index) => expected(start, end, byBucket.get(index + 1))),
      );
      expect(figuresOf(found.get(without)!)).toEqual(
        ranges.map(({ start, end }) => expected(start, end, undefined)),
      );

      const range = { start: edges[0]!, end: edges.at(-1)! };
      for (const asOf of [undefined, new Date()]) {
        const ends = [range.start, range.end];
        const asked = [method, asOf] as const;
        const { volumes: whole } = await store.between(
          telemetry.principal,
          sensors,
          ends,
          ...asked,
        );
        const alone = await store.bareOfRange(telemetry.principal, sensors, range, ...asked);
        const bareOf = ([found]: readonly BucketVolume[]) => {
          const { start, end, volume, sources } = found!;
          return { start, end, volume, sources };
        };
        expect(alone.volumes).toEqual(
          new Map([...whole].map(([id, found]) => [id, bareOf(found)])),
        );
      }

      const { volumes: bare } = await store.bareBetween(
        telemetry.principal,
        sensors,
        edges,
        method,
      );
      for (const id of sensors) {
        expect(bare.get(id)).toEqual(
          found
            .get(id)!
            .map(({ start, end, volume, sources }) => ({ start, end, volume, sources })),
        );
      }
    },
  );
});

function figuresOf(volumes: readonly BucketVolume[]): object[] {
  return volumes.map((volume) => ({
    start: volume.start,
    end: volume.end,
    volume: volume.volume,
    volumeMeasured: volume.volumeMeasured,
    volumeInterpolated: volume.volumeInterpolated,
    durationGood: volume.durationGood,
    durationInterpolated: volume.durationInterpolated,
    durationMissing: volume.durationMissing,
    coverage: volume.coverage,
    pingCount: volume.pingCount,
    minFlowrate: volume.minFlowrate,
    maxFlowrate: volume.maxFlowrate,
    averageFlowrate: volume.averageFlowrate,
  }));
}

/** What a row of PostgreSQL comes to; without one, nothing is known of the range. */
function expected(start: Date, end: Date, row?: Record<string, number | null>): object {
  const figure = (name: string) => row?.[name] ?? 0;
  const length = end.getTime() - start.getTime();
  const [covered, spanned] = [figure('covered_ms'), figure('spanned_ms')];
  const average = figure('volume') / (spanned / (24 * HOUR));
  return {
    start,
    end,
    volume: figure('volume'),
    volumeMeasured: figure('measured_volume'),
    volumeInterpolated: figure('outage_volume'),
    durationGood: covered / 1000,
    durationInterpolated: (spanned - covered) / 1000,
    durationMissing: (length - spanned) / 1000,
    coverage: covered / length,
    pingCount: figure('ping_count'),
    minFlowrate: row?.min_flowrate ?? null,
    maxFlowrate: row?.max_flowrate ?? null,
    averageFlowrate: row ? Math.min(Math.max(average, figure('lowest')), figure('highest')) : null,
  };
}
