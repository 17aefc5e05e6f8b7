import { useEffect, type RefObject } from 'react';
import { useClient } from 'urql';
import { SensorHistoryDocument } from '../../../../generated/graphql/graphql.js';

const LOOK_EVERY_MS = 3000;

/** Corrections and deletions make no ping to subscribe to: calls when the newest that is kept of them is another one. */
export function useRevisionPolling(id: string, onChange: RefObject<() => void>): void {
  const client = useClient();
  useEffect(() => {
    let isCurrent = true;
    let known: string | undefined;
    const look = async () => {
      if (document.hidden) return;
      const { data } = await client.query(SensorHistoryDocument, { id });
      if (!isCurrent || !data) return;
      const newest = data.flowSensor?.pingRevisions.nodes[0]?.id ?? '';
      if (known !== undefined && known !== newest) onChange.current();
      known = newest;
    };
    void look();
    const timer = window.setInterval(look, LOOK_EVERY_MS);
    return () => {
      isCurrent = false;
      window.clearInterval(timer);
    };
  }, [client, id, onChange]);
}
