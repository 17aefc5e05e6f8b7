import { useCallback, useEffect, useState } from 'react';
import { useClient, type Client, type CombinedError } from 'urql';
import {
  OverviewDocument,
  type OverviewSensorFragment,
} from '../../../generated/graphql/graphql.js';

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
  const client = useClient();
  const [data, setData] = useState<OverviewData>();
  const [error, setError] = useState<CombinedError>();
  const [attempt, setAttempt] = useState(0);
  const reload = useCallback(() => setAttempt((count) => count + 1), []);

  useEffect(() => {
    let isCurrent = true;
    loadOverview(client).then(
      (loaded) => {
        if (!isCurrent) return;
        setData(loaded);
        setError(undefined);
      },
      (failure: CombinedError) => {
        if (isCurrent) setError(failure);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [client, attempt]);

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
