import { useQuery } from 'urql';
import {
  WebhookDeliveryDocument,
  type WebhookDeliveryQuery,
} from '../../../../../generated/graphql/graphql.js';
import { useInterval } from '../../../use-interval.js';

const POLL_INTERVAL_MS = 700;

export type Delivery = NonNullable<WebhookDeliveryQuery['webhookDelivery']>;

/**
 * A delivery, polled while it is unfinished.
 * @param isEnabled whether it is loaded at all
 */
export function useDelivery(
  id: string,
  isUnfinished: (delivery: Delivery) => boolean,
  isEnabled = true,
) {
  const [{ data, error, fetching }, reload] = useQuery({
    query: WebhookDeliveryDocument,
    variables: { id },
    pause: !isEnabled,
  });
  const delivery = data?.webhookDelivery ?? undefined;
  const isPolling = isEnabled && !error && (!delivery || isUnfinished(delivery));
  useInterval(isPolling ? POLL_INTERVAL_MS : undefined, () => {
    if (!fetching) reload();
  });
  return { delivery, error, retry: () => reload() };
}
