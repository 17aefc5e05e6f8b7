/** Milliseconds. */
export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
/** 24 hours: a day of UTC, which is not always a local one. */
export const DAY_MS = 24 * HOUR_MS;
