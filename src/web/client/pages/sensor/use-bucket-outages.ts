import { useCallback } from 'react';
import type { Client } from 'urql';
import { OutagesOfDocument, OutageVolumeDocument } from '../../../../generated/graphql/graphql.js';
import { useAsync } from '../../use-async.js';

/** The volume of each outage takes its own request. */
const MAX_OUTAGES = 50;

/**
 * The outages of a range, whole, each with the volume that is interpolated over it within the
 * range.
 */
export function useBucketOutages(id: string, { start, end }: { start: string; end: string }) {
  const load = useCallback(
    async (client: Client) => {
      const { data, error } = await client.query(OutagesOfDocument, { id, start, end });
      if (error) throw error;
      const found = data?.flowSensor?.outages ?? [];
      const outages = await Promise.all(
        found.slice(0, MAX_OUTAGES).map(async (outage) => ({
          ...outage,
          volume: await outageVolume(client, id, {
            start: outage.start > start ? outage.start : start,
            end: outage.end < end ? outage.end : end,
          }),
        })),
      );
      return { outages, total: found.length };
    },
    [id, start, end],
  );
  const { data, error, reload } = useAsync(load);
  return { outages: data?.outages, total: data?.total ?? 0, error, retry: reload };
}

async function outageVolume(
  client: Client,
  id: string,
  range: { start: string; end: string },
): Promise<number> {
  const { data, error } = await client.query(OutageVolumeDocument, { id, ...range });
  if (error) throw error;
  return data?.flowSensor?.flowVolume.volumeInterpolated ?? 0;
}
