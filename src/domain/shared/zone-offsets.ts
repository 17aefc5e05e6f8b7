import { DAY_MS } from './durations.js';

/** The offsets from UTC on one day of UTC. */
interface OffsetDay {
  readonly before: number;
  readonly after: number;
  /** from then on `after` is valid; Infinity where nothing changes */
  readonly changesAt: number;
}

/**
 * The offsets of a time zone. The few that a file needs are cached, because asking the runtime for
 * each row would take several times as long as all else.
 */
export class ZoneOffsets {
  private readonly format: Intl.DateTimeFormat;
  private readonly days = new Map<number, OffsetDay>();

  /** @param timeZone IANA name @throws RangeError where it is unknown */
  constructor(readonly timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /**
   * The instants at which clocks in the zone show a local time, ascending: two in the hour that
   * occurs twice. A time that is skipped counts as moved on by the jump, as it is for calendar
   * days.
   * @param local milliseconds since 1970, read as if in UTC
   */
  instantsOf(local: number): readonly [number, ...number[]] {
    const before = this.offsetAt(local - DAY_MS);
    const after = this.offsetAt(local + DAY_MS);
    if (before === after) return [local - before];
    const [first, second] = [local - before, local - after];
    const isFirst = this.offsetAt(first) === before;
    const isSecond = this.offsetAt(second) === after;
    if (isFirst && isSecond && first !== second) return [first, second];
    return isSecond ? [second] : [first];
  }

  /** Milliseconds that local time is ahead of UTC. */
  offsetAt(time: number): number {
    const day = Math.floor(time / DAY_MS);
    let offsets = this.days.get(day);
    if (!offsets) this.days.set(day, (offsets = this.offsetsOf(day * DAY_MS)));
    return time < offsets.changesAt ? offsets.before : offsets.after;
  }

  private offsetsOf(start: number): OffsetDay {
    const before = this.ask(start);
    const after = this.ask(start + DAY_MS);
    if (before === after) return { before, after, changesAt: Infinity };
    let [low, high] = [start, start + DAY_MS];
    // Clocks change at full seconds.
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000;
      if (this.ask(middle) === before) low = middle;
      else high = middle;
    }
    return { before, after, changesAt: high };
  }

  private ask(time: number): number {
    const parts: Record<string, string> = {};
    for (const { type, value } of this.format.formatToParts(time)) parts[type] = value;
    const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year']);
    // Date.UTC would take the years under 100 for those of the 20th century.
    const local = new Date(0);
    local.setUTCFullYear(year, Number(parts['month']) - 1, Number(parts['day']));
    local.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']));
    return local.getTime() - Math.floor(time / 1000) * 1000;
  }
}
