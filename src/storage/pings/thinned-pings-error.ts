/** What needs pings that are no longer stored: the instant, and until when pings are thinned. */
export class ThinnedPingsError extends Error {
  constructor(
    readonly field: 'start' | 'end' | 'dayStart' | 'asOf' | 'effectiveFrom' | 'datetime',
    readonly instant: Date,
    readonly until: Date,
  ) {
    super(`Pings are thinned until ${until.toISOString()}; ${instant.toISOString()} needs them.`);
  }
}

/**
 * The summary of a thinned hour cannot be computed again: nothing may change its pings, in any way.
 * @param sensors until when the pings of each are thinned
 * @throws ThinnedPingsError
 */
export function refuseThinnedChanges(
  sensors: ReadonlyMap<number, { readonly thinnedUntil: number | null }>,
  changes: readonly { readonly sensorId: number; readonly datetime: Date }[],
): void {
  if ([...sensors.values()].every(({ thinnedUntil }) => thinnedUntil === null)) return;
  for (const { sensorId, datetime } of changes) {
    const until = sensors.get(sensorId)?.thinnedUntil ?? -Infinity;
    if (datetime.getTime() < until) {
      throw new ThinnedPingsError('datetime', datetime, new Date(until));
    }
  }
}
