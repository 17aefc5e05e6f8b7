import { iso, type Range } from '../../range/range.js';
import { serverAddress } from '../../server-address.js';

/** The address of a range's readings or volumes as a file. */
export function csvAddress(
  id: string,
  what: 'pings' | 'volumes',
  { start, end }: Range,
  calendar: Readonly<Record<string, string>> = {},
): string {
  const parameters = new URLSearchParams({ start: iso(start), end: iso(end), ...calendar });
  return serverAddress(`/app/sensors/${id}/${what}.csv?${parameters.toString()}`);
}
