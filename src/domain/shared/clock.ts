/** The time of day (UTC); handed in, so that tests can set it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Milliseconds from any fixed point, never set back: what ages are measured with. */
export type Stopwatch = () => number;

export const systemStopwatch: Stopwatch = () => performance.now();
