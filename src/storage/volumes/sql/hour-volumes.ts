import type { Statement } from '../../postgres/database.js';
import { bucketVolumes, BOUNDARIES } from './flow-volumes.js';
import { splitBuckets } from './range-pieces.js';
import { roundedVolume } from './rounded-volume.js';

/**
 * One sensor's name, and its flow volumes between consecutive edges, rounded to
 * 6 decimals: in no order, each the bucket from 1 (4 bytes) and the volume (8)
 * in PostgreSQL's binary form, in base64; null where there are none.
 *
 * $1 int account id, $2 int sensor id, $3 timestamptz[] edges, ascending
 */
export const hourVolumes: Statement = {
  name: 'hour_volumes',
  text: `
    WITH ${splitBuckets(BOUNDARIES)}
    SELECT s.name AS sensor_name, (
      SELECT encode(string_agg(int4send(bucket) || float8send(${roundedVolume('volume')}), ''::bytea), 'base64')
      FROM (${bucketVolumes('LINEAR')}) AS v
    ) AS volumes
    FROM flow_sensor s
    WHERE s.account_id = $1 AND s.id = $2`,
};
