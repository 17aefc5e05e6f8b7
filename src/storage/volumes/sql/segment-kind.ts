import { maxGapAt } from '../../summaries/sql/max-gap.js';

/** How flowrate runs between two pings: linearly, or constant until the next. */
export type VolumeMethod = 'LINEAR' | 'STEP';

const MAX_GAP_MS = `(${maxGapAt('last_at')}) * 1000::float8`;

/** Of a segment of the sensor `s` that begins at `last_at` and is `gap_ms` long. */
export const IS_MEASURED = `gap_ms <= ${MAX_GAP_MS}`;
export const IS_OUTAGE = `gap_ms > ${MAX_GAP_MS}`;
