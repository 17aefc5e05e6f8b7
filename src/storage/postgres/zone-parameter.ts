// PostgreSQL reads these names as abbreviations, which know no summer; for IANA they are links to zones that do.
// https://github.com/eggert/tz/blob/2024b/backward
const LINKS: Readonly<Record<string, string>> = {
  CET: 'Europe/Brussels',
  EET: 'Europe/Athens',
  MET: 'Europe/Brussels',
  WET: 'Europe/Lisbon',
};

/** An IANA time zone's name as a parameter of `AT TIME ZONE`. */
export function zoneParameter(timeZone: string): string {
  return LINKS[timeZone.toUpperCase()] ?? timeZone;
}
