import { useEffect } from 'react';
import type { Client } from 'urql';
import {
  OverviewDocument,
  type OverviewSensorFragment,
} from '../../../../generated/graphql/graphql.js';
import { useAsync } from '../../use-async.js';

export interface OverviewData {
  /** the last 24 hours, ISO 8601 */
  readonly start: string;
  readonly end: string;
  readonly sensors: readonly OverviewSensorFragment[];
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** All sensors and their last 24 hours, again every minute while the page is visible. */
export function useOverview() {
  const { data, error, reload } = useAsync(loadOverview);

  useEffect(() => {
    const timer = window.setInterval(() => {
      if (!document.hidden) reload();
    }, MINUTE_MS);
    return () => window.clearInterval(timer);
  }, [reload]);

  return { data, error, reload };
}

/** One request for up to 1000 sensors. */
async function loadOverview(client: Client): Promise<OverviewData> {
  const now = Date.now();
  const start = new Date(now - DAY_MS).toISOString();
  const end = new Date(now).toISOString();
  const sensors: OverviewSensorFragment[] = [];
  let after: string | null | undefined;
  do {
    const { data, error } = await client.query(OverviewDocument, { start, end, after });
    if (error) throw error;
    const page = data?.flowSensors;
    sensors.push(...(page?.nodes ?? []));
    after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
  } while (after);
  return { start, end, sensors };
}
