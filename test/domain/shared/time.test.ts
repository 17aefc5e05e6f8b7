import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  FIRST_INSTANT,
  formatInstant,
  LAST_INSTANT,
  parseInstant,
} from '../../../src/domain/shared/time.js';

const read = (text: string): string | undefined => parseInstant(text)?.toISOString();

describe('Datetimes are read in ISO 8601', () => {
  test.each([
    ['Z', '2019-02-05T20:41:02Z', '2019-02-05T20:41:02.000Z'],
    ['an offset', '2019-02-05T20:41:02+00:00', '2019-02-05T20:41:02.000Z'],
    ['an offset without a colon', '2019-02-05T20:41:02-0600', '2019-02-06T02:41:02.000Z'],
    ['an offset of hours', '2019-02-05T20:41:02+05', '2019-02-05T15:41:02.000Z'],
    ['an offset of minutes too', '2019-02-05T20:41:02+05:45', '2019-02-05T14:56:02.000Z'],
    ['a negative offset of nothing', '2019-02-05T20:41:02-00:00', '2019-02-05T20:41:02.000Z'],
    ['the largest offset', '2019-02-05T20:41:02-23:59', '2019-02-06T20:40:02.000Z'],
    ['no offset is UTC', '2019-02-05T20:41:02', '2019-02-05T20:41:02.000Z'],
    ['no seconds', '2019-02-05T20:41Z', '2019-02-05T20:41:00.000Z'],
    ['no seconds, with an offset', '2019-02-05T20:41+01:00', '2019-02-05T19:41:00.000Z'],
    ['a space for the T', '2019-02-05 20:41:02Z', '2019-02-05T20:41:02.000Z'],
    ['a fraction after a point', '2019-02-05T20:41:02.5Z', '2019-02-05T20:41:02.500Z'],
    ['a fraction after a comma', '2019-02-05T20:41:02,25+01:00', '2019-02-05T19:41:02.250Z'],
    ['past milliseconds: truncated', '2019-02-05T20:41:02.9999999Z', '2019-02-05T20:41:02.999Z'],
    ['truncated before 1970 too', '1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
    ['a fraction without an offset', '2019-02-05T20:41:02.001', '2019-02-05T20:41:02.001Z'],
    ['a date alone is midnight UTC', '2019-02-05', '2019-02-05T00:00:00.000Z'],
    ['a `+` that arrived as a space', '2019-02-05T20:41:02 01:00', '2019-02-05T19:41:02.000Z'],
    ['the same without a colon', '2019-02-05T20:41:02 0100', '2019-02-05T19:41:02.000Z'],
    ['the same after a space for the T', '2019-02-05 20:41 01', '2019-02-05T19:41:00.000Z'],
    ['the leap day of a leap year', '2020-02-29T00:00:00Z', '2020-02-29T00:00:00.000Z'],
    ['the first instant', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['the last instant', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['a year under 100', '0099-03-01', '0099-03-01T00:00:00.000Z'],
    ['back into year 1 by the offset', '0001-01-01T00:00:00-01:00', '0001-01-01T01:00:00.000Z'],
  ])('a datetime with %s is read: %s', (_, text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test.each([
    ['the basic format', '20190205T204102Z'],
    ['a basic date', '20190205'],
    ['a basic time', '2019-02-05T204102Z'],
    ['a week date', '2019-W06-2'],
    ['a week date with a time', '2019-W06-2T00:00:00Z'],
    ['an ordinal date', '2019-036'],
    ['24:00', '2019-02-05T24:00:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['a minute of 60', '2016-12-31T23:60:00Z'],
    ['a lower-case t', '2019-02-05t20:41:02Z'],
    ['a lower-case z', '2019-02-05T20:41:02z'],
    ['year 0', '0000-12-31T23:59:59Z'],
    ['year 0 after the offset is applied', '0001-01-01T00:00:00+00:01'],
    ['year 10000', '10000-01-01T00:00:00Z'],
    ['year 10000 after the offset is applied', '9999-12-31T23:59:59.999-00:01'],
    ['the 29th of February of another year', '2019-02-29'],
    ['of a century', '1900-02-29'],
    ['the 31st of April', '2019-04-31'],
    ['month 0', '2019-00-10'],
    ['month 13', '2019-13-10'],
    ['day 0', '2019-01-00'],
    ['an offset of 24 hours', '2019-02-05T20:41:02+24:00'],
    ['an offset of 60 minutes', '2019-02-05T20:41:02+01:60'],
    ['an offset of three digits', '2019-02-05T20:41:02+010'],
    ['an hour alone', '2019-02-05T20'],
    ['a date with an offset', '2019-02-05Z'],
    ['a T without a time', '2019-02-05T'],
    ['a point without a fraction', '2019-02-05T20:41:02.Z'],
    ['a fraction of a minute', '2019-02-05T20:41.5Z'],
    ['one-digit fields', '2019-2-5T20:41:02Z'],
    ['two spaces', '2019-02-05  20:41:02Z'],
    ['a space before it', ' 2019-02-05'],
    ['a space after it', '2019-02-05T20:41:02Z '],
    ['a newline after it', '2019-02-05T20:41:02Z\n'],
    ['other digits', '２０１９-02-05'],
    ['a number', '1549399262'],
    ['a word', 'yesterday'],
    ['nothing', ''],
  ])('%s is not read as a datetime: %j', (_, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

test('a Z means the same as an offset of zero in every form of a datetime', () => {
  const two = fc.integer({ min: 0, max: 99 }).map((value) => String(value).padStart(2, '0'));
  const mark = fc.constantFrom('-', ':', 'T', '.', '0', 'x');
  const written = fc.oneof(
    fc.date({ min: FIRST_INSTANT, max: LAST_INSTANT, noInvalidDate: true }).map(formatInstant),
    fc
      .tuple(two, two, two, two, two)
      .map(([d, h, m, s, f]) => `2024-02-${d}T${h}:${m}:${s}.${f}0Z`),
  );
  const anywhere = fc.integer({ min: 0, max: 22 });
  fc.assert(
    fc.property(written, fc.option(fc.tuple(anywhere, mark)), (text, change) => {
      const changed = change
        ? text.slice(0, change[0]) + change[1] + text.slice(change[0] + 1)
        : text;
      fc.pre(changed.endsWith('Z'));
      expect(read(changed)).toBe(read(changed.replace(/Z$/, '+00:00')));
    }),
  );
});

describe('Datetimes are written in UTC', () => {
  test.each([
    [Date.UTC(2019, 1, 5, 20, 41, 2), '2019-02-05T20:41:02Z'],
    [Date.UTC(2019, 1, 5, 20, 41, 2, 123), '2019-02-05T20:41:02.123Z'],
    [Date.UTC(2019, 1, 5, 20, 41, 2, 500), '2019-02-05T20:41:02.500Z'],
    [Date.parse('0001-01-01T00:00:00.007Z'), '0001-01-01T00:00:00.007Z'],
  ])('%d is written as %s', (time, text) => {
    expect(formatInstant(new Date(time))).toBe(text);
  });

  test('a datetime in any offset reads back as the same instant after it is written', () => {
    const instants = fc.date({
      min: new Date('0001-01-03T00:00:00Z'),
      max: new Date('9999-12-29T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, fc.integer({ min: -1439, max: 1439 }), (instant, offset) => {
        expect(parseInstant(formatInstant(instant))).toEqual(instant);
        const local = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const two = (value: number): string => String(value).padStart(2, '0');
        const sign = offset < 0 ? '-' : '+';
        expect(parseInstant(`${local}${sign}${two(hours)}:${two(minutes)}`)).toEqual(instant);
      }),
    );
  });
});
