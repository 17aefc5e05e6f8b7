import { DAY_MS } from '../domain/shared/durations.js';

const [DASH, T, COLON, POINT, Z, ZERO] = [45, 84, 58, 46, 90, 48];
// The digits of the numbers below 100: divisions take longer.
const TENS = Uint8Array.from({ length: 100 }, (_, number) => ZERO + Math.floor(number / 10));
const ONES = Uint8Array.from({ length: 100 }, (_, number) => ZERO + (number % 10));

/** What `writeInstant` writes at most. */
export const INSTANT_LENGTH = '0000-00-00T00:00:00.000Z'.length;

/**
 * Writes an instant as `formatTime` does, without a string in between.
 * @param time milliseconds since 1970, of the years 1 to 9999
 * @returns where it ends
 */
export function writeInstant(bytes: Uint8Array, start: number, time: number): number {
  const day = Math.floor(time / DAY_MS);
  const milliseconds = (time - day * DAY_MS) | 0;
  let at = writeDate(bytes, start, day);
  const seconds = (milliseconds / 1000) | 0;
  const fraction = milliseconds - seconds * 1000;
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  at = writePair(bytes, at, hours);
  bytes[at++] = COLON;
  at = writePair(bytes, at, minutes - hours * 60);
  bytes[at++] = COLON;
  at = writePair(bytes, at, seconds - minutes * 60);
  if (fraction !== 0) {
    const hundreds = (fraction / 100) | 0;
    bytes[at++] = POINT;
    bytes[at++] = ZERO + hundreds;
    at = writePair(bytes, at, fraction - hundreds * 100);
  }
  bytes[at++] = Z;
  return at;
}

// Years are reckoned from March, so that a leap day is the last one of its year; the calendar
// repeats itself after an era of 400 years.
const DAYS_TO_MARCH_0000 = 719_468;
const [ERA, CENTURY, FOUR_YEARS, YEAR] = [146_097, 36_524, 1460, 365];

/** The date and the T. */
function writeDate(bytes: Uint8Array, start: number, day: number): number {
  const days = (day + DAYS_TO_MARCH_0000) | 0;
  const era = (days / ERA) | 0;
  const ofEra = days - era * ERA;
  const yearOfEra =
    ((ofEra - ((ofEra / FOUR_YEARS) | 0) + ((ofEra / CENTURY) | 0) - ((ofEra / (ERA - 1)) | 0)) /
      YEAR) |
    0;
  const ofYear = ofEra - (YEAR * yearOfEra + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0));
  // From March on, five months have 153 days.
  const monthFromMarch = ((5 * ofYear + 2) / 153) | 0;
  const date = ofYear - (((153 * monthFromMarch + 2) / 5) | 0) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const century = (year / 100) | 0;
  let at = writePair(bytes, start, century);
  at = writePair(bytes, at, year - century * 100);
  bytes[at++] = DASH;
  at = writePair(bytes, at, month);
  bytes[at++] = DASH;
  at = writePair(bytes, at, date);
  bytes[at++] = T;
  return at;
}

function writePair(bytes: Uint8Array, at: number, number: number): number {
  bytes[at] = TENS[number]!;
  bytes[at + 1] = ONES[number]!;
  return at + 2;
}
