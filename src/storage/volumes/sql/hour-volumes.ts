import type { Statement } from '../../postgres/database.js';
import { recordLayout } from '../../postgres/record-layout.js';
import { bucketVolumes, BOUNDARIES, METHOD_HISTORY } from './flow-volumes.js';
import type { VolumeMethod } from './segment-kind.js';
import { splitBuckets } from './range-pieces.js';
import { roundedVolume } from './rounded-volume.js';

/** Barrels in each bucket, numbered from 1. */
export const HOUR_RECORD = recordLayout({ bucket: 'int4', volume: 'float8' });

/**
 * One sensor's name and own methods, and its flow volumes between consecutive boundaries, rounded to
 * 6 decimals: an HOUR_RECORD for each bucket that holds a ping or part of a segment, in no order;
 * null where there are none.
 *
 * $1 int account id, $2 int sensor id, $3 timestamptz[] boundaries, ascending
 */
export const hourVolumes: Record<VolumeMethod, Statement> = {
  LINEAR: statement('LINEAR'),
  STEP: statement('STEP'),
};

function statement(method: VolumeMethod): Statement {
  return {
    name: `hour_volumes_${method.toLowerCase()}`,
    text: `
    WITH ${splitBuckets(BOUNDARIES)}
    SELECT s.name AS sensor_name, s.method, ${METHOD_HISTORY}, (
      SELECT ${HOUR_RECORD.packed({ volume: roundedVolume('volume') })}
      FROM (${bucketVolumes(method)}) AS v
    ) AS volumes
    FROM flow_sensor s
    WHERE s.account_id = $1 AND s.id = $2`,
  };
}
