import { THINNED_UNTIL } from '../../pings/sql/thinned.js';
import type { Statement } from '../../postgres/database.js';
import { recordLayout } from '../../postgres/record-layout.js';
import {
  BOUNDARIES,
  bucketVolumes,
  bucketVolumesAsOf,
  bucketVolumesOfCuts,
} from './bucket-volumes.js';
import { IS_METERED, IS_METERED_AS_OF } from './meter-factors.js';
import { splitBuckets } from './range-pieces.js';
import { rangeVolume, rangeVolumeAsOf } from './range-volume.js';
import { roundedVolume } from './rounded-volume.js';
import { byMethod, type Figures, type VolumeMethod } from './volume-method.js';

/** The earlier methods of sensor `s`, null where it always had the same. */
export const METHOD_HISTORY = 's.method_changed_at, s.earlier_methods';

/** What is computed of each bucket: barrels, whole milliseconds, bbl/d. */
export const BUCKET_RECORD = recordLayout({
  bucket: 'int4',
  ping_count: 'float8',
  volume: 'float8',
  measured_volume: 'float8',
  outage_volume: 'float8',
  covered_ms: 'float8',
  spanned_ms: 'float8',
  min_flowrate: 'float8',
  max_flowrate: 'float8',
  lowest: 'float8',
  highest: 'float8',
});

// A bucket without a ping has neither a minimum nor a maximum.
const PACKED_BUCKETS = BUCKET_RECORD.packed({
  min_flowrate: 'coalesce(min_flowrate, 0)',
  max_flowrate: 'coalesce(max_flowrate, 0)',
});

/** The volume alone, and the number of its bucket. */
export const VOLUME_RECORD = recordLayout({ bucket: 'int4', volume: 'float8' });

/** A sensor, and its volume alone. */
export const SENSOR_VOLUME_RECORD = recordLayout({ sensor_id: 'int4', volume: 'float8' });

const PACKED: Record<Figures, string> = { VOLUME: VOLUME_RECORD.packed(), ALL: PACKED_BUCKETS };

/**
 * Flow volumes of sensors over the ranges between consecutive boundaries.
 *
 * $1 int account id, $2 int[] sensor ids, $3 timestamptz[] boundaries, ascending
 *
 * Rows (sensor_id, thinned_until, is_metered, buckets): a BUCKET_RECORD, or a VOLUME_RECORD where the volume alone is asked
 * for, of each range that holds a ping or part of a segment, numbered from 1; null where there are
 * none.
 */
export const flowVolumes = statements('flow_volumes', bucketVolumes, splitBuckets(BOUNDARIES));

/**
 * The same where all boundaries but the first and the last are those of summaries. $4 timestamptz[8]
 * the cuts of the range
 */
export const flowVolumesOfCuts = statements('flow_volumes_of_cuts', bucketVolumesOfCuts);

/** The same of the pings as they were stored at the instant $4. */
export const flowVolumesAsOf = statements(
  'flow_volumes_as_of',
  bucketVolumesAsOf,
  undefined,
  IS_METERED_AS_OF,
);

/**
 * The same over one range, in half the time. $1 int account id, $2 int[] sensor ids, $3
 * timestamptz[8] the cuts of the range
 */
export const rangeVolumes = statements('range_volumes', rangeVolume);

/** The same of the pings as they were stored at the instant $4. */
export const rangeVolumesAsOf = statements(
  'range_volumes_as_of',
  rangeVolumeAsOf,
  undefined,
  IS_METERED_AS_OF,
);

/**
 * The volumes alone over one range, with the same parameters. One row (volumes, metered_ids,
 * thinned_ids, thinned_until), which takes less than a row of each sensor: a SENSOR_VOLUME_RECORD of
 * each, those with a meter factor, those that have thinned pings, and until when the last of these
 * has; null where there are none.
 */
export const packedVolumes = byMethod((method) =>
  packedStatement('packed_volumes', method, rangeVolume),
);

/** The same of the pings as they were stored at the instant $4. */
export const packedVolumesAsOf = byMethod((method) =>
  packedStatement('packed_volumes_as_of', method, rangeVolumeAsOf, IS_METERED_AS_OF),
);

/**
 * One sensor's flow volume over one range, rounded to 6 decimals, its name and its own methods.
 *
 * $1 int account id, $2 int sensor id, $3 timestamptz[8] the cuts of the range
 */
export const sensorVolume = byMethod((method) => ({
  ...sensorStatement('sensor_volume', method, rangeVolume),
  isShort: true,
}));

/** The same of the pings as they were stored at the instant $4. */
export const sensorVolumeAsOf = byMethod((method) =>
  sensorStatement('sensor_volume_as_of', method, rangeVolumeAsOf, IS_METERED_AS_OF),
);

type BucketsOf = (method: VolumeMethod, figures: Figures) => string;

function sensorStatement(
  name: string,
  method: VolumeMethod,
  bucketsOf: BucketsOf,
  isMetered = IS_METERED,
): Statement {
  return {
    name: `${name}_${method.toLowerCase()}`,
    text: `
    SELECT s.name AS sensor_name, s.method, ${METHOD_HISTORY}, ${THINNED_UNTIL}, ${isMetered} AS is_metered,
      ${roundedVolume('v.volume')} AS volume
    FROM flow_sensor s CROSS JOIN LATERAL (${bucketsOf(method, 'VOLUME')}) AS v
    WHERE s.account_id = $1 AND s.id = $2`,
  };
}

function packedStatement(
  name: string,
  method: VolumeMethod,
  bucketsOf: BucketsOf,
  isMetered = IS_METERED,
): Statement {
  return {
    name: `${name}_${method.toLowerCase()}`,
    text: `
    SELECT ${SENSOR_VOLUME_RECORD.packed({ sensor_id: 's.id' })} AS volumes,
      array_agg(s.id) FILTER (WHERE ${isMetered}) AS metered_ids,
      array_agg(s.id) FILTER (WHERE s.thinned_until IS NOT NULL) AS thinned_ids,
      round(date_part('epoch', max(s.thinned_until)) * 1000) AS thinned_until
    FROM flow_sensor s CROSS JOIN LATERAL (${bucketsOf(method, 'VOLUME')}) AS v
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
  };
}

function statements(
  name: string,
  bucketsOf: BucketsOf,
  expressions?: string,
  isMetered = IS_METERED,
) {
  const of = (figures: Figures, suffix: string) =>
    byMethod((method): Statement => ({
      name: `${name}${suffix}_${method.toLowerCase()}`,
      text: `
    ${expressions ? `WITH ${expressions}` : ''}
    SELECT s.id AS sensor_id, ${THINNED_UNTIL}, ${isMetered} AS is_metered, v.buckets
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT ${PACKED[figures]} AS buckets
      FROM (${bucketsOf(method, figures)}) AS b
    ) AS v
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
    }));
  return { VOLUME: of('VOLUME', '_alone'), ALL: of('ALL', '') };
}
