import { useEffect, useRef } from 'react';
import { useSubscription } from 'urql';
import { PingReceivedDocument } from '../../../../generated/graphql/graphql.js';
import { useInterval } from '../../use-interval.js';
import { useRevisionPolling } from './use-revision-polling.js';

/** However fast readings arrive, the page is redrawn once in this time. */
const MIN_REDRAW_INTERVAL_MS = 1000;
const RESUBSCRIBE_DELAY_MS = 5000;
/** A range that ends now moves on without readings too. */
const REFRESH_INTERVAL_MS = 30_000;

/**
 * While the page is visible, calls when the sensor has a new reading, soon after a reading was
 * corrected or deleted, and every half minute.
 */
export function useLive(id: string, onChange: () => void): void {
  const latest = useRef(onChange);
  const waiting = useRef<number>(undefined);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => () => window.clearTimeout(waiting.current), []);

  const [{ error }, subscribe] = useSubscription(
    { query: PingReceivedDocument, variables: { ids: [id] } },
    () => {
      waiting.current ??= window.setTimeout(() => {
        waiting.current = undefined;
        latest.current();
      }, MIN_REDRAW_INTERVAL_MS);
      return null;
    },
  );

  // The server ends a subscription that may have missed readings.
  useEffect(() => {
    if (!error) return;
    const timer = window.setTimeout(() => {
      latest.current();
      subscribe();
    }, RESUBSCRIBE_DELAY_MS);
    return () => window.clearTimeout(timer);
  }, [error, subscribe]);

  useRevisionPolling(id, onChange);
  useInterval(REFRESH_INTERVAL_MS, onChange);
}
