/** The time of day (UTC); passed in, so that tests can set it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Milliseconds since some fixed point, never set back: for measuring ages. */
export type Stopwatch = () => number;

export const systemStopwatch: Stopwatch = () => performance.now();
