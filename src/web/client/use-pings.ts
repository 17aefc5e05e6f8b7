import { useEffect, useRef } from 'react';
import { useClient } from 'urql';
import {
  PingReceivedDocument,
  type PingReceivedSubscription,
} from '../../generated/graphql/graphql.js';

/** However fast readings arrive, the page is redrawn once in this time. */
const MIN_REDRAW_INTERVAL_MS = 1000;
const RESUBSCRIBE_DELAY_MS = 5000;

type Ping = PingReceivedSubscription['pingReceived'];

interface Handlers {
  readonly onPings: (pings: readonly Ping[]) => void;
  /** readings may have been missed */
  readonly onMissed: () => void;
}

/**
 * Calls with the readings that have arrived, at most once a second.
 * @param sensorId undefined: of all sensors
 */
export function usePings(sensorId: string | undefined, handlers: Handlers): void {
  const client = useClient();
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });

  useEffect(() => {
    let pings: Ping[] = [];
    let redraw: number | undefined;
    let reopen: number | undefined;
    const flush = () => {
      redraw = undefined;
      latest.current.onPings(pings);
      pings = [];
    };
    const open = () =>
      client
        .subscription(PingReceivedDocument, { ids: sensorId === undefined ? null : [sensorId] })
        .subscribe(({ data, error }) => {
          if (data) {
            pings.push(data.pingReceived);
            redraw ??= window.setTimeout(flush, MIN_REDRAW_INTERVAL_MS);
          }
          // The server ends a subscription that may have missed readings.
          if (error) {
            reopen ??= window.setTimeout(() => {
              reopen = undefined;
              latest.current.onMissed();
              subscription.unsubscribe();
              subscription = open();
            }, RESUBSCRIBE_DELAY_MS);
          }
        });
    let subscription = open();
    return () => {
      subscription.unsubscribe();
      window.clearTimeout(redraw);
      window.clearTimeout(reopen);
    };
  }, [client, sensorId]);
}
