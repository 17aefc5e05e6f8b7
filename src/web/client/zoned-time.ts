/** What clocks and calendars of a zone show. */
export interface LocalTime {
  readonly year: number;
  /** 1…12; beyond that it counts on into other years, as days do into other months */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const DAY_MS = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** @param instant milliseconds since 1970 */
export function localTime(instant: number, timeZone: string): LocalTime {
  const wall = new Date(instant + offset(instant, timeZone));
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
  };
}

/**
 * Milliseconds since 1970. As on the server, a local time that clocks skip counts as moved on by
 * the jump, and one that occurs twice is the first.
 */
export function instantOf(local: LocalTime, timeZone: string): number {
  const wall = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
  const [before, after] = [wall - DAY_MS, wall + DAY_MS].map((at) => offset(at, timeZone));
  const found = [wall - before!, wall - after!].filter((at) => at + offset(at, timeZone) === wall);
  return found.length > 0 ? Math.min(...found) : wall - before!;
}

/** How far the zone's clocks are ahead of UTC, in milliseconds. */
function offset(instant: number, timeZone: string): number {
  const parts = new Map(
    formatter(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wall - Math.floor(instant / 1000) * 1000;
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(timeZone, made);
  return made;
}
