/** How much of a stretch of time is measured. */
export interface MeasuredTime {
  /**
   * a share of 1 of the time that is over; undefined where readings can still come for all of it
   */
  readonly share: number | undefined;
  /** milliseconds at the end for which a reading is not yet overdue */
  readonly pending: number;
}

interface Figures {
  /** ISO 8601 */
  readonly start: string;
  readonly end: string;
  readonly coverage: number;
}

interface LastReading {
  readonly silentSince?: string | null;
  readonly lastPing?: { readonly datetime: string } | null;
}

/**
 * The time since the last reading of a sensor that is not overdue is neither measured nor missing:
 * the next reading will measure it.
 */
export function measuredTime({ start, end, coverage }: Figures, sensor: LastReading): MeasuredTime {
  const [from, to] = [Date.parse(start), Date.parse(end)];
  const isDue = sensor.lastPing && !sensor.silentSince;
  const pending = isDue
    ? Math.max(to - Math.max(Date.parse(sensor.lastPing.datetime), from), 0)
    : 0;
  const over = to - from - pending;
  // Whole milliseconds: else all of it could come out as a rounding error less.
  const measured = Math.round(coverage * (to - from));
  return { share: over > 0 ? Math.min(measured / over, 1) : undefined, pending };
}

/**
 * Whether the sensor's readings cover any of the time: a volume of 0 without them is not a closed
 * valve.
 */
export function hasData({ averageFlowrate }: { averageFlowrate?: number | null }): boolean {
  return typeof averageFlowrate === 'number';
}
