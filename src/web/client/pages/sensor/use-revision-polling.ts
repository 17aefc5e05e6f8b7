import { useCallback, useEffect, useRef } from 'react';
import { useClient } from 'urql';
import { SensorHistoryDocument } from '../../../../generated/graphql/graphql.js';
import { useInterval } from '../../use-interval.js';

const POLL_INTERVAL_MS = 3000;

/**
 * Calls when readings of the sensor were corrected or deleted. No subscription reports that, so the
 * newest revision is polled.
 */
export function useRevisionPolling(id: string, onChange: () => void): void {
  const client = useClient();
  const newest = useRef<string>(undefined);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  const poll = useCallback(async () => {
    const { data } = await client.query(SensorHistoryDocument, { id });
    if (!data) return;
    const found = data.flowSensor?.pingRevisions.nodes[0]?.id ?? '';
    if (newest.current !== undefined && newest.current !== found) latest.current();
    newest.current = found;
  }, [client, id]);
  useEffect(() => void poll(), [poll]);
  useInterval(POLL_INTERVAL_MS, () => void poll());
}
