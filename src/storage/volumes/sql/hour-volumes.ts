import type { Statement } from '../../postgres/database.js';
import { recordLayout } from '../../postgres/record-layout.js';
import { BOUNDARIES, bucketVolumes, bucketVolumesAsOf } from './bucket-volumes.js';
import { METHOD_HISTORY } from './flow-volumes.js';
import { splitBuckets } from './range-pieces.js';
import { roundedVolume } from './rounded-volume.js';
import { byMethod, type VolumeMethod } from './volume-method.js';

/** Barrels in each bucket, numbered from 1. */
export const HOUR_RECORD = recordLayout({ bucket: 'int4', volume: 'float8' });

/**
 * One sensor's name and own methods, and its flow volumes between consecutive boundaries, rounded to
 * 6 decimals: an HOUR_RECORD for each bucket that holds a ping or part of a segment, in no order;
 * null where there are none.
 *
 * $1 int account id, $2 int sensor id, $3 timestamptz[] boundaries, ascending
 */
export const hourVolumes = byMethod((method) =>
  statement('hour_volumes', method, bucketVolumes, splitBuckets(BOUNDARIES)),
);

/** The same of the pings as they were stored at the instant $4. */
export const hourVolumesAsOf = byMethod((method) =>
  statement('hour_volumes_as_of', method, bucketVolumesAsOf),
);

function statement(
  name: string,
  method: VolumeMethod,
  bucketsOf: (method: VolumeMethod) => string,
  expressions?: string,
): Statement {
  return {
    name: `${name}_${method.toLowerCase()}`,
    text: `
    ${expressions ? `WITH ${expressions}` : ''}
    SELECT s.name AS sensor_name, s.method, ${METHOD_HISTORY}, (
      SELECT ${HOUR_RECORD.packed({ volume: roundedVolume('volume') })}
      FROM (${bucketsOf(method)}) AS v
    ) AS volumes
    FROM flow_sensor s
    WHERE s.account_id = $1 AND s.id = $2`,
  };
}
