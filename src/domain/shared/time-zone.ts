import { InvalidInputError } from './errors.js';

/**
 * IANA's names without a slash (https://data.iana.org/time-zones/tzdb/backward and etcetera).
 * Anything else without one is an abbreviation such as CST: several zones share it, Intl takes it
 * for one of them, PostgreSQL for a fixed offset.
 */
const PLAIN_NAMES = new Set(
  [
    'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran',
    'Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK',
    'Singapore Turkey UCT UTC Universal W-SU WET Zulu',
  ]
    .join(' ')
    .toUpperCase()
    .split(' '),
);

/** Names of areas as IANA writes them: no offsets (`+05:00`), which Intl takes as well. */
const AREA_NAME = /^[A-Z][A-Z_]*(\/[A-Z0-9][A-Z0-9_+-]*)+$/i;

// ICU knows these areas, IANA does not.
const FOREIGN_AREA = /^(SystemV|Etc\/Unknown)/i;

/**
 * Whether it is the name of an IANA time zone, in any case: the one check of all places that take a
 * zone.
 */
export function isTimeZone(name: string): boolean {
  if (!name.includes('/')) return PLAIN_NAMES.has(name.toUpperCase());
  if (!AREA_NAME.test(name) || FOREIGN_AREA.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** @throws InvalidInputError that names the field, where it is not the name of an IANA time zone */
export function requireTimeZone(name: string, field = 'timeZone'): void {
  if (!isTimeZone(name)) throw unknownTimeZone(name, field);
}

export function unknownTimeZone(name: string, field = 'timeZone'): InvalidInputError {
  const rule = `Must be an IANA time zone name; got "${name}".`;
  return InvalidInputError.of(
    field,
    /^[A-Z]{2,5}$/i.test(name)
      ? `${rule} An abbreviation may mean several zones: use a name such as America/Chicago.`
      : rule,
  );
}
