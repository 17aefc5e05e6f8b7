import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  parseDateFormat,
  type DateFormat,
} from '../../../src/domain/transfer/import/date-format.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { ImportFixture } from '../../helpers/imports.js';

let db: TestDatabase;
let fixture: ImportFixture;

beforeAll(async () => {
  db = await createTestDatabase();
  fixture = new ImportFixture(db);
});

afterAll(() => db.drop());

const HEADER = 'sensor_name,datetime,flowrate';

describe('datetimes', () => {
  const file = (...texts: string[]) => [HEADER, ...texts.map((text) => `A,"${text}",1`)].join('\n');
  const instantsOf = async (texts: string[], dateFormat?: string, timeZone?: string) => {
    const format = {
      dateFormat: dateFormat && (parseDateFormat(dateFormat) as DateFormat),
      timeZone,
    };
    const { pings } = await fixture.load(file(...texts), {
      format: { ...format, dateFormat: format.dateFormat || undefined },
    });
    return pings.map((ping) => ping.split(',')[1]);
  };

  test.each<[string, string]>([
    ['2024-02-05 20:10:00 -0600', '2024-02-06T02:10:00Z'],
    ['2024-02-05 20:10:00 UTC', '2024-02-05T20:10:00Z'],
    ['2024-02-05 8:10', '2024-02-05T08:10:00Z'],
    ['2024/02/05 20:10:00', '2024-02-05T20:10:00Z'],
    ['2024-02-05', '2024-02-05T00:00:00Z'],
    ['2024-02-05T20:10:00,5+01', '2024-02-05T19:10:00.500Z'],
  ])('%j is read without an option', async (text, instant) => {
    expect(await instantsOf([text])).toEqual([instant]);
  });

  test.each<[string, string, string]>([
    ['M/D/YYYY h:mm:ss A', '2/5/2024 8:41:02 PM', '2024-02-05T20:41:02Z'],
    ['M/D/YYYY h:mm:ss A', '2/5/2024 12:00:00 am', '2024-02-05T00:00:00Z'],
    ['MM/DD/YYYY hh:mm A', '02/05/2024 12:30 p.m.', '2024-02-05T12:30:00Z'],
    ['DD.MM.YYYY HH:mm', '05.02.2024 20:08', '2024-02-05T20:08:00Z'],
    ['DD-MMM-YY', '05-Feb-24', '2024-02-05T00:00:00Z'],
    ['YYYYMMDDHHmmss', '20240205204102', '2024-02-05T20:41:02Z'],
    ['YYYY-MM-DD HH:mm:ss.SSS', '2024-02-05 20:41:02.1239', '2024-02-05T20:41:02.123Z'],
    ['DD.MM.YYYY HH:mm Z', '05.02.2024 20:08 +01:00', '2024-02-05T19:08:00Z'],
    ['epoch-s', '1707165662', '2024-02-05T20:41:02Z'],
    ['epoch-s', '1707165662.5', '2024-02-05T20:41:02.500Z'],
    ['epoch-ms', '1707165662000', '2024-02-05T20:41:02Z'],
    ['epoch-us', '1707165662999999', '2024-02-05T20:41:02.999Z'],
    ['epoch-ns', '1707165662999999999', '2024-02-05T20:41:02.999Z'],
    ['excel', '45327.8618287037', '2024-02-05T20:41:02Z'],
    ['excel-1904', '43865.8618287037', '2024-02-05T20:41:02Z'],
    ['excel', '45327,5', '2024-02-05T12:00:00Z'],
    ['epoch', '1707165662', '2024-02-05T20:41:02Z'],
    ['M/d/yyyy h:mm:ss a', '2/5/2024 8:41:02 PM', '2024-02-05T20:41:02Z'],
  ])('the date format %s reads %j', async (format, text, instant) => {
    expect(await instantsOf([text], format)).toEqual([instant]);
  });

  test.each<[string[], string[], string]>([
    [['1707165662'], ['2024-02-05T20:41:02Z'], 'datetimes as seconds since 1970'],
    [['1707165662123456'], ['2024-02-05T20:41:02.123Z'], 'datetimes as microseconds since 1970'],
    [['1707165662123456789'], ['2024-02-05T20:41:02.123Z'], 'datetimes as nanoseconds since 1970'],
    // As browsers write it, with a narrow space that does not break.
    [['2/25/2024 8:41\u202fPM'], ['2024-02-25T20:41:00Z'], 'datetimes as M/D/YYYY h:mm A'],
    [
      ['1612312359', '1612312360'],
      ['2021-02-03T00:32:39Z', '2021-02-03T00:32:40Z'],
      'datetimes as seconds since 1970',
    ],
    [['1707165662123'], ['2024-02-05T20:41:02.123Z'], 'datetimes as milliseconds since 1970'],
    [
      ['45327', '45327.5'],
      ['2024-02-05T00:00:00Z', '2024-02-05T12:00:00Z'],
      'datetimes as days of a spreadsheet',
    ],
    [
      ['2/5/2024 8:41 PM', '2/13/2024 12:00 AM'],
      ['2024-02-05T20:41:00Z', '2024-02-13T00:00:00Z'],
      'datetimes as M/D/YYYY h:mm A',
    ],
    [
      ['2/5/2024', '13/5/2024'],
      ['2024-05-02T00:00:00Z', '2024-05-13T00:00:00Z'],
      'datetimes as D/M/YYYY',
    ],
    [['05.02.2024 9:08'], ['2024-02-05T09:08:00Z'], 'datetimes as D.M.YYYY H:mm'],
    [['5-Feb-2024 20:08:30'], ['2024-02-05T20:08:30Z'], 'datetimes as D-MMM-YYYY H:mm:ss'],
    [['20240205204102'], ['2024-02-05T20:41:02Z'], 'datetimes as YYYYMMDDHHmmss'],
  ])(
    'the datetimes %j are recognised, because they can be read in one way only',
    async (texts, instants, phrase) => {
      const { pings, recognised } = await fixture.load(file(...texts));
      expect(pings.map((ping) => ping.split(',')[1])).toEqual(instants);
      expect(recognised).toEqual([phrase]);
    },
  );

  test('a datetime of another form than the recognised one is refused', async () => {
    expect(await fixture.errorsOf(file('1707165662', '1707165662000', '2024-02-05'))).toEqual([
      '3 datetime: Must have the form of the first rows, epoch-s, not "1707165662000". []',
      '4 datetime: Must have the form of the first rows, epoch-s, not "2024-02-05". []',
    ]);
  });

  test.each<[string, string | undefined, RegExp]>([
    ['03/04/2024', undefined, /\[dateFormat=M\/D\/YYYY dateFormat=D\/M\/YYYY\]/],
    ['2/5/2024 8:41:02 PM', undefined, /dateFormat=M\/D\/YYYY h:mm:ss A /],
    ['05-Feb-24', undefined, /\[dateFormat=D-MMM-YY\]/],
    ['2024-02-05 20:10:00 CST', undefined, /ambiguous CST.*\[timeZone\]/],
    ['1612312359', undefined, /\[dateFormat=epoch-s\]/],
    ['45327', undefined, /\[dateFormat=excel\]/],
    ['1.70717E+12', undefined, /Must be a datetime/],
    ['1.70717E+12', 'epoch-ms', /--date-format/],
    ['2/30/2024', 'M/D/YYYY', /--date-format/],
    ['13:00 2/3/2024', 'M/D/YYYY h:mm A', /--date-format/],
    ['59', 'excel', /--date-format/],
    ['', undefined, /Must not be empty/],
  ])('%j with the date format %s is refused', async (text, dateFormat, message) => {
    const format = dateFormat ? { dateFormat: parseDateFormat(dateFormat) as DateFormat } : {};
    expect(await fixture.errorsOf(file(text), { format })).toEqual([
      expect.stringMatching(message),
    ]);
  });

  test.each([
    ['YYYY-MM', /a day/],
    ['D/M/JJJJ', /"JJJJ" is not one of/],
    ['D/M/YYYY hh:mm', /A \(AM or PM\)/],
    ['D/M/YYYY HH:mm A', /12-hour clock/],
    ['D/M/YYYY mm', /need an hour/],
    ['D/M/YYYY D', /repeats/],
  ])('the date format %s is refused', (format, message) => {
    expect(parseDateFormat(format)).toMatch(message);
  });

  test('local times are read in the time zone, and each pass of the hour that occurs twice', async () => {
    const texts = [
      '2024-11-03 00:30:00',
      '2024-11-03 01:00:00',
      '2024-11-03 01:30:00',
      '2024-11-03 01:00:00',
      '2024-11-03 01:30:00',
      '2024-11-03 02:00:00',
    ];
    const expected = ['05:30', '06:00', '06:30', '07:00', '07:30', '08:00'].map(
      (time) => `2024-11-03T${time}:00Z`,
    );
    expect(await instantsOf(texts, undefined, 'America/Chicago')).toEqual(expected);
    expect(await instantsOf([...texts].reverse(), undefined, 'America/Chicago')).toEqual(expected);
  });

  test('a file of the newest first may begin in the hour that occurs twice', async () => {
    const times = ['01:30', '01:00', '01:30', '01:00', '00:30'];
    const rows = times.map((time, index) => `A,2024-11-03 ${time},${index}`);
    const format = { timeZone: 'America/Chicago' };
    const { pings } = await fixture.load([HEADER, ...rows].join('\n'), { format });
    const instants = ['07:30', '07:00', '06:30', '06:00', '05:30'];
    const expected = instants.map((time, index) => `A,2024-11-03T${time}:00Z,${index}`);
    expect(pings).toEqual(expected.reverse());
  });

  test('an hourly logger shows the hour that occurs twice by the same time twice', async () => {
    const texts = [
      '2024-11-02 23:00:00',
      '2024-11-03 00:00:00',
      '2024-11-03 01:00:00',
      '2024-11-03 01:00:00',
      '2024-11-03 02:00:00',
    ];
    const expected = ['04:00', '05:00', '06:00', '07:00', '08:00'].map(
      (time) => `2024-11-03T${time}:00Z`,
    );
    expect(await instantsOf(texts, undefined, 'America/Chicago')).toEqual(expected);
    expect(await instantsOf([...texts].reverse(), undefined, 'America/Chicago')).toEqual(expected);
  });

  test('each sensor has its own passes of the hour that occurs twice', async () => {
    const times = ['00:45', '01:15', '01:45', '01:15', '01:45', '02:15'];
    const rows = times.flatMap((time) => [`A,2024-11-03 ${time},1`, `B,2024-11-03 ${time},2`]);
    const format = { timeZone: 'America/Chicago' };
    const { pings } = await fixture.load([HEADER, ...rows].join('\n'), { format });
    const instants = ['05:45', '06:15', '06:45', '07:15', '07:45', '08:15'];
    expect(pings).toEqual([
      ...instants.map((time) => `A,2024-11-03T${time}:00Z,1`),
      ...instants.map((time) => `B,2024-11-03T${time}:00Z,2`),
    ]);
  });

  test('a local time that is skipped moves on by the jump', async () => {
    expect(await instantsOf(['2024-03-10 02:30:00'], undefined, 'America/Chicago')).toEqual([
      '2024-03-10T08:30:00Z',
    ]);
  });

  test('a repeated row in the hour that occurs twice is a repetition, not the second pass', async () => {
    const texts = [
      '2024-11-03 01:00:00',
      '2024-11-03 01:05:00',
      '2024-11-03 01:05:00',
      '2024-11-03 01:10:00',
    ];
    const format = { timeZone: 'America/Chicago' };
    const { pings, repeats } = await fixture.load(file(...texts), { format });
    expect(pings).toHaveLength(3);
    expect(repeats).toMatchObject({ count: 1, lines: [3, 4] });
    expect(await fixture.load(file(...[...texts].reverse()), { format })).toMatchObject({
      repeats: { count: 1, lines: [3, 4] },
    });
  });

  test('time that steps back without an offset or a time zone is refused', async () => {
    const texts = ['2024-11-03 01:30:00', '2024-11-03 01:00:00'];
    expect(await fixture.errorsOf(file(...texts))).toEqual([
      expect.stringMatching(
        /^3 datetime: Time steps back from 2024-11-03 01:30:00 in line 2 to 2024-11-03 01:00:00.*\[timeZone\]$/,
      ),
    ]);
    expect(await instantsOf(texts, undefined, 'UTC')).toHaveLength(2);
    expect(await instantsOf(texts.map((text) => `${text}Z`))).toHaveLength(2);
    expect(await instantsOf(['2024-11-03', '2024-11-02'])).toHaveLength(2);
  });

  test('the result says whether datetimes without an offset were read as UTC', async () => {
    expect(await fixture.load(file('2024-11-03 01:30:00'))).toMatchObject({ assumedUtc: true });
    expect(await fixture.load(file('2024-11-03T01:30:00Z'))).toMatchObject({ assumedUtc: false });
    const format = { timeZone: 'Europe/Berlin' };
    expect(await fixture.load(file('2024-11-03 01:30:00'), { format })).toMatchObject({
      assumedUtc: false,
    });
  });
});
