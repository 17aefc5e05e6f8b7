/** How flowrate runs between two pings: linearly, or constant until the next. */
export type VolumeMethod = 'LINEAR' | 'STEP';

/** Of a segment of the sensor `s`, `gap_ms` long. */
export const IS_MEASURED = 'gap_ms <= s.max_gap * 1000::float8';
export const IS_OUTAGE = 'gap_ms > s.max_gap * 1000::float8';
