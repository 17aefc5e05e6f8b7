import { formatLocal } from './datetimes.js';
import { ZoneOffsets } from '../../shared/zone-offsets.js';

/** The latest row of a sensor. */
interface Latest {
  local: number;
  line: number;
  /** milliseconds since 1970 */
  time: number;
  /** from the row before it, milliseconds */
  step: number;
}

/**
 * Finds the instants of local times. Where clocks go back, an hour occurs twice: in the rows of a
 * sensor, which come in the order of time, its second pass begins where local time steps back. A
 * logger with one row an hour shows it by the same time twice.
 */
export class LocalTimes {
  private readonly offsets: ZoneOffsets | undefined;
  private readonly latest = new Map<number, Latest>();
  private backwards: ReturnType<typeof stepBackError> | undefined;
  private used = false;

  /**
   * @param timeZone undefined where local times are read as UTC, for which they must not step back
   * @param direction above 0 if the first rows of the sensors step forward in time, below if back;
   * steps outside of hours that occur twice are added to it
   */
  constructor(
    timeZone: string | undefined,
    private direction: number,
  ) {
    this.offsets = timeZone === undefined ? undefined : new ZoneOffsets(timeZone);
  }

  /**
   * @param local milliseconds since 1970, read as if in UTC
   * @param hasTime whether it has a time of day; dates alone may come in any order
   */
  toInstant(sensorId: number, local: number, hasTime: boolean, line: number): number {
    this.used = true;
    if (!hasTime) return this.offsets ? this.offsets.instantsOf(local)[0] : local;
    const before = this.latest.get(sensorId);
    const time = this.offsets ? this.choose(this.offsets.instantsOf(local), before, local) : local;
    if (!before) {
      this.latest.set(sensorId, { local, line, time, step: 0 });
      return time;
    }
    if (!this.offsets && local < before.local)
      this.backwards ??= stepBackError(before, local, line);
    before.step = time - before.time;
    before.local = local;
    before.line = line;
    before.time = time;
    return time;
  }

  /** The first row at which time stepped back although the zone is unknown. */
  get stepBack(): ReturnType<typeof stepBackError> | undefined {
    return this.backwards;
  }

  /** Whether local times were read as UTC for lack of a zone. */
  get assumedUtc(): boolean {
    return this.used && !this.offsets;
  }

  private choose(
    instants: readonly [number, ...number[]],
    before: Latest | undefined,
    local: number,
  ): number {
    const [first, second] = instants;
    if (second === undefined) {
      if (before) this.direction += Math.sign(local - before.local);
      return first;
    }
    const isNewestFirst = this.direction < 0;
    if (!before) return isNewestFirst ? second : first;
    const [nearer, farther] = isNewestFirst ? [second, first] : [first, second];
    const sign = isNewestFirst ? -1 : 1;
    const ahead = (instant: number) => (instant - before.time) * sign;
    const isHourly = ahead(nearer) === 0 && before.step * sign >= second - first;
    return (ahead(nearer) < 0 || isHourly) && ahead(farther) > 0 ? farther : nearer;
  }
}

function stepBackError({ local, line: earlier }: Latest, next: number, line: number) {
  const [from, to] = [local, next].map(formatLocal);
  return {
    line,
    message: `Time steps back from ${from} in line ${earlier} to ${to}, as it does when clocks go back, and the datetimes have no offset.`,
    remedies: [{ option: 'timeZone' as const }],
  };
}
