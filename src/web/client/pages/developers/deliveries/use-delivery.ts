import { useQuery } from 'urql';
import {
  WebhookDeliveryDocument,
  type WebhookDeliveryQuery,
} from '../../../../../generated/graphql/graphql.js';
import { useInterval } from '../../../use-interval.js';

const AGAIN_MS = 700;

export type Delivery = NonNullable<WebhookDeliveryQuery['webhookDelivery']>;

/**
 * A delivery, asked for again and again for as long as something is awaited of it.
 * @param isWanted false: it is not asked for
 */
export function useDelivery(
  id: string,
  isAwaited: (delivery: Delivery) => boolean,
  isWanted = true,
) {
  const [{ data, error, fetching }, ask] = useQuery({
    query: WebhookDeliveryDocument,
    variables: { id },
    pause: !isWanted,
  });
  const delivery = data?.webhookDelivery ?? undefined;
  const goesOn = isWanted && !error && (!delivery || isAwaited(delivery));
  useInterval(goesOn ? AGAIN_MS : undefined, () => {
    if (!fetching) ask();
  });
  return { delivery, error, retry: () => ask() };
}
