/** The lengths of time that pings are summarised over, shortest first. */
export const LEVELS = [
  { level: 0, name: 'hour', width: '1 hour', widthMs: 3_600_000 },
  { level: 1, name: 'day', width: '1 day', widthMs: 86_400_000 },
  { level: 2, name: 'block', width: '32 days', widthMs: 32 * 86_400_000 },
] as const;

export const HOUR = 0;
export const DAY = 1;
export const BLOCK = 2;
/**
 * The one summary over all of a sensor's pings. It is there from the sensor's making, and locking
 * it locks the sensor's pings.
 */
export const ALL = 3;
export const ALL_START = '0001-01-01T00:00:00Z';

/** Every level that a summary may have. */
export type Level = typeof HOUR | typeof DAY | typeof BLOCK | typeof ALL;
export const EVERY_LEVEL: readonly Level[] = [HOUR, DAY, BLOCK, ALL];

/** The day (UTC) of a time in milliseconds since 1970, counted from then. */
export function dayOf(time: number): number {
  return Math.floor(time / LEVELS[DAY].widthMs);
}

const ORIGIN = `timestamptz '1970-01-01 00:00:00+00'`;

/** Start of the bucket of that width that contains the instant. */
export function bucketStart(width: string, instant: string): string {
  return `date_bin(interval '${width}', ${instant}, ${ORIGIN})`;
}

/** Start of the level's bucket that contains the instant. */
export function levelStart(level: Level, instant: string): string {
  return level === ALL ? `timestamptz '${ALL_START}'` : bucketStart(LEVELS[level].width, instant);
}
