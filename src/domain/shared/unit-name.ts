const TIMES: Readonly<Record<string, string>> = { d: 'DAY', h: 'HOUR', min: 'MINUTE', s: 'SECOND' };

/** What the GraphQL schema calls a unit, such as M3_PER_HOUR of `m3/h`. */
export function unitName(symbol: string): string {
  const [volume = '', time] = symbol.split('/');
  const per = time === undefined ? '' : `_PER_${TIMES[time]}`;
  return `${volume.replace('-', '_').toUpperCase()}${per}`;
}
