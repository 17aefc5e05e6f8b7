import { useEffect, useMemo } from 'react';
import type { Client } from 'urql';
import { OverviewDocument } from '../../../../generated/graphql/graphql.js';
import { measuredTime } from '../../measured-time.js';
import { useAsync } from '../../use-async.js';
import { useInterval } from '../../use-interval.js';
import { useLiveReadings } from './live-readings.js';
import type { OverviewSensor } from './overview-sensor.js';

export interface OverviewData {
  /** the last 24 hours, ISO 8601 */
  readonly start: string;
  readonly end: string;
  readonly sensors: readonly OverviewSensor[];
}

const DAY_MS = 86_400_000;
const REFRESH_INTERVAL_MS = 60_000;

// A return to the page shows it as it was, at the same place, until it is loaded again.
let loadedLast: OverviewData | undefined;

/**
 * All sensors and their last 24 hours, loaded again every minute while the page is visible. Last
 * readings follow at once.
 */
export function useOverview() {
  const { data: loaded = loadedLast, error, reload } = useAsync(loadOverview);
  const sensors = useLiveReadings(loaded?.sensors, reload);
  const data = useMemo(
    () => (loaded && sensors ? { ...loaded, sensors } : undefined),
    [loaded, sensors],
  );
  useInterval(REFRESH_INTERVAL_MS, reload);
  useEffect(() => {
    loadedLast = data;
  }, [data]);
  return { data, error, reload };
}

/** One request for up to 1000 sensors. */
async function loadOverview(client: Client): Promise<OverviewData> {
  const now = Date.now();
  const start = new Date(now - DAY_MS).toISOString();
  const end = new Date(now).toISOString();
  const sensors: OverviewSensor[] = [];
  let after: string | null | undefined;
  do {
    const { data, error } = await client.query(OverviewDocument, { start, end, after });
    if (error) throw error;
    const page = data?.flowSensors;
    for (const sensor of page?.nodes ?? []) {
      sensors.push({ ...sensor, measured: measuredTime(sensor.flowVolume, sensor) });
    }
    after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
  } while (after);
  return { start, end, sensors };
}
