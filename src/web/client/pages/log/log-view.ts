import type { AccountLogFilter } from '../../../../generated/graphql/graphql.js';
import { readCalendar } from '../../range/calendar.js';
import { iso } from '../../range/range.js';
import { instantOf } from '../../zoned-time.js';
import { SUBJECTS, type LogSubject } from './subjects.js';

/** Which part of the log is shown; the address holds it. */
export interface LogView {
  /** undefined: all */
  readonly subject: LogSubject | undefined;
  readonly sensorId: string | undefined;
  readonly person: string | undefined;
  /** days of `timeZone`, both inclusive: `2026-11-23` */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly timeZone: string;
  /** At most one of the two is set: the page of entries older, or newer, than a cursor. */
  readonly after: string | undefined;
  readonly before: string | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function readLogView(parameters: URLSearchParams): LogView {
  const text = (name: string) => parameters.get(name)?.trim() || undefined;
  const day = (name: string) => [text(name)].find((value) => value && DAY.test(value));
  const after = text('after');
  return {
    subject: SUBJECTS.find(({ key }) => key === parameters.get('about')),
    sensorId: [text('sensor')].find((value) => value && /^\d+$/.test(value)),
    person: text('person'),
    from: day('from'),
    to: day('to'),
    timeZone: readCalendar(parameters).timeZone,
    after,
    before: after === undefined ? text('before') : undefined,
  };
}

export function writeLogView({ subject, sensorId, timeZone, ...rest }: LogView): URLSearchParams {
  const named = { about: subject?.key, sensor: sensorId, zone: timeZone, ...rest };
  const given = Object.entries(named).filter((entry): entry is [string, string] => !!entry[1]);
  return new URLSearchParams(given);
}

/** What the server is asked for; viewers never ask for events. */
export function filterOf(view: LogView, isAdmin: boolean): AccountLogFilter {
  const { subject, sensorId, person, from, to, timeZone } = view;
  const kinds = subject?.kinds.filter((kind) => isAdmin || kind !== 'EVENT');
  return {
    ...(kinds && { kinds }),
    ...(subject && isAdmin && { types: [...subject.types] }),
    ...(sensorId && { sensorId }),
    ...(person && { person }),
    ...(from && { start: iso(startOf(from, timeZone)) }),
    ...(to && { end: iso(startOf(to, timeZone, 1)) }),
  };
}

/** The same as the parameters of a file. */
export function fileQuery(filter: AccountLogFilter): URLSearchParams {
  const { kinds, types, sensorId, ...rest } = filter;
  const named = { kinds: kinds?.join(), types: types?.join(), sensor: sensorId, ...rest };
  const given = Object.entries(named).filter((entry): entry is [string, string] => !!entry[1]);
  return new URLSearchParams(given);
}

/** The first instant of a day, or of one some days later, in milliseconds since 1970. */
function startOf(text: string, timeZone: string, later = 0): number {
  const [year = NaN, month = NaN, day = NaN] = text.split('-').map(Number);
  return instantOf({ year, month, day: day + later, hour: 0, minute: 0 }, timeZone);
}
