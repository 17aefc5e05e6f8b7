import { iso, type Range } from './view.js';

/** The file of what is seen; src/web/server/csv.ts answers. */
export function csvAddress(
  id: string,
  what: 'pings' | 'volumes',
  { start, end }: Range,
  more: Readonly<Record<string, string>> = {},
): string {
  const parameters = new URLSearchParams({ start: iso(start), end: iso(end), ...more });
  return `/app/sensors/${id}/${what}.csv?${parameters.toString()}`;
}
