import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { calendarBoundaries } from '../../../src/domain/volumes/calendar.js';
import { isTimeZone } from '../../../src/domain/shared/time-zone.js';
import { zoneParameter } from '../../../src/storage/postgres/zone-parameter.js';
import { VolumeStore } from '../../../src/storage/volumes/volume-store.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

/**
 * What ICU takes for a zone but IANA does not list, what is listed as an abbreviation only, and
 * what is neither.
 */
const ABBREVIATIONS =
  'ACT ADT AEST AET AGT AKST ART AST BET BST CAT CDT CEST CNT CST CTT EAT ECT EDT IET IST JST KST MDT MIT MSK NET NST PDT PLT PNT PRT PST SST VST';
const LOOK_ALIKES = [
  ...'CET EET EST HST MET MST WET GMT UTC UCT EST5EDT CST6CDT MST7MDT PST8PDT GMT0 GMT+0'.split(
    ' ',
  ),
  ...[
    'Etc/GMT+6',
    'Etc/UTC',
    'America/Argentina/Buenos_Aires',
    'America/Port-au-Prince',
    'est',
    'us/central',
  ],
];
/**
 * Winter and summer of years with clocks that differ from today's, in the zones that once had
 * summer time too.
 */
const INSTANTS = [1944, 1967, 1985, 1999, 2012, 2024, 2026].flatMap((year) =>
  [0, 6].map((month) => Date.UTC(year, month, 15, 12)),
);

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('Intl and PostgreSQL agree on the local time of every accepted zone, links and look-alikes too', async () => {
  const { rows } = await db.database.pool.query<{ name: string }>(
    `SELECT name FROM pg_timezone_names WHERE name !~ '^(posix|right)'`,
  );
  const names = [
    ...new Set([
      ...rows.map(({ name }) => name),
      ...Intl.supportedValuesOf('timeZone'),
      ...LOOK_ALIKES,
    ]),
  ].filter(isTimeZone);
  expect(names.length).toBeGreaterThan(590);
  const { rows: local } = await db.database.pool.query<{ name: string; at: string; text: string }>(
    `SELECT name, at::float8, to_char(to_timestamp(at / 1000.0) AT TIME ZONE parameter, 'YYYY-MM-DD HH24:MI') AS text
     FROM unnest($1::text[], $2::text[]) AS zone (name, parameter) CROSS JOIN unnest($3::bigint[]) AS at`,
    [names, names.map(zoneParameter), INSTANTS],
  );
  const different = local.filter(({ name, at, text }) => intlTime(name, Number(at)) !== text);
  expect(different).toEqual([]);
});

test.each([
  ...ABBREVIATIONS.split(' '),
  'SystemV/CST6',
  'Factory',
  'Etc/Unknown',
  'CST6',
  '',
  ' UTC',
])('the zone "%s", which IANA does not name, is refused', async (timeZone) => {
  const range = { start: new Date('2024-07-01T05:00:00Z'), end: new Date('2024-07-04T05:00:00Z') };
  for (const interval of ['HOUR', 'DAY'] as const) {
    await expect(
      calendarBoundaries(new VolumeStore(db.database), { accountId: 1 }, range, {
        interval,
        timeZone,
        dayStart: '00:00',
      }),
    ).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining(`Must be an IANA time zone name; got "${timeZone}".`),
      errors: [{ path: ['timeZone'] }],
    });
  }
});

test.each(LOOK_ALIKES)('the zone %s, which IANA names, is taken', (name) => {
  expect(isTimeZone(name)).toBe(true);
});

const formats = new Map<string, Intl.DateTimeFormat>();

function intlTime(timeZone: string, at: number): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
  formats.set(timeZone, format);
  return format.format(at);
}
