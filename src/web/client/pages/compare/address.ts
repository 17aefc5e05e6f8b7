import type { PeriodBefore } from '../../range/range-before.js';

/** The path says what is compared, the query, as of a sensor's page, in which range. */
export function compareAddress(
  sensorIds: readonly string[],
  before: PeriodBefore | undefined,
  query: string,
): string {
  const ids = sensorIds.length > 0 ? `/${sensorIds.join()}` : '';
  const period = ids && before ? `/${before}` : '';
  return `/compare${ids}${period}${query ? `?${query}` : ''}`;
}
