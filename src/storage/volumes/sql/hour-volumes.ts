import { THINNED_UNTIL } from '../../pings/sql/thinned.js';
import type { Statement } from '../../postgres/database.js';
import { bucketVolumesAsOf, bucketVolumesOfCuts } from './bucket-volumes.js';
import { METHOD_HISTORY, VOLUME_RECORD } from './flow-volumes.js';
import { IS_METERED, IS_METERED_AS_OF } from './meter-factors.js';
import { byMethod, type Figures, type VolumeMethod } from './volume-method.js';

/**
 * One sensor's name and own methods, and its flow volumes between consecutive boundaries: a
 * VOLUME_RECORD for each bucket that holds a ping or part of a segment, in no order; null where
 * there are none.
 *
 * $1 int account id, $2 int sensor id, $3 timestamptz[] boundaries, ascending, of hours but for the
 * first and the last, $4 timestamptz[8] the cuts of the range
 */
export const hourVolumes = byMethod((method) => ({
  ...statement('hour_volumes', method, bucketVolumesOfCuts),
  isShort: true,
}));

/** The same of the pings as they were stored at the instant $4. */
export const hourVolumesAsOf = byMethod((method) =>
  statement('hour_volumes_as_of', method, bucketVolumesAsOf, IS_METERED_AS_OF),
);

function statement(
  name: string,
  method: VolumeMethod,
  bucketsOf: (method: VolumeMethod, figures: Figures) => string,
  isMetered = IS_METERED,
): Statement {
  return {
    name: `${name}_${method.toLowerCase()}`,
    text: `
    SELECT s.name AS sensor_name, s.method, ${METHOD_HISTORY}, ${THINNED_UNTIL}, ${isMetered} AS is_metered, (
      SELECT ${VOLUME_RECORD.packed()} FROM (${bucketsOf(method, 'VOLUME')}) AS v
    ) AS volumes
    FROM flow_sensor s
    WHERE s.account_id = $1 AND s.id = $2`,
  };
}
