import { useEffect, useRef } from 'react';
import { useSubscription } from 'urql';
import { PingReceivedDocument } from '../../../../generated/graphql/graphql.js';
import { useRevisionPolling } from './use-revision-polling.js';

/** At most so often, however fast pings come. */
const REST_MS = 1000;
const AGAIN_MS = 5000;
/** Time goes on also where no ping comes. */
const ANYWAY_MS = 30_000;

/**
 * Calls when the sensor has a new ping, soon after one was corrected or deleted, and every half minute, while the page
 * is visible.
 */
export function useLive(id: string, onChange: () => void): void {
  const latest = useRef(onChange);
  const waiting = useRef<number>(undefined);
  useEffect(() => {
    latest.current = onChange;
  });

  const [{ error }, subscribe] = useSubscription(
    { query: PingReceivedDocument, variables: { ids: [id] } },
    () => {
      waiting.current ??= window.setTimeout(() => {
        waiting.current = undefined;
        latest.current();
      }, REST_MS);
      return null;
    },
  );

  useRevisionPolling(id, latest);

  // The server ends a subscription that may have missed pings.
  useEffect(() => {
    if (!error) return;
    const timer = window.setTimeout(() => {
      latest.current();
      subscribe();
    }, AGAIN_MS);
    return () => window.clearTimeout(timer);
  }, [error, subscribe]);

  useEffect(() => {
    const look = () => {
      if (!document.hidden) latest.current();
    };
    const timer = window.setInterval(look, ANYWAY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.clearInterval(timer);
      window.clearTimeout(waiting.current);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
}
