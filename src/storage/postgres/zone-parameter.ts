// PostgreSQL reads these names as abbreviations of a fixed offset; for IANA they are links to zones
// with a history.
// https://github.com/eggert/tz/blob/2024b/backward
const LINKS: Readonly<Record<string, string>> = {
  CET: 'Europe/Brussels',
  EET: 'Europe/Athens',
  EST: 'America/Panama',
  HST: 'Pacific/Honolulu',
  MET: 'Europe/Brussels',
  MST: 'America/Phoenix',
  WET: 'Europe/Lisbon',
};

/** An IANA time zone's name as a parameter of `AT TIME ZONE`. */
export function zoneParameter(timeZone: string): string {
  return LINKS[timeZone.toUpperCase()] ?? timeZone;
}
