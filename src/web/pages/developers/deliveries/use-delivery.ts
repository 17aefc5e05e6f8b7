import { useQuery } from 'urql';
import {
  WebhookDeliveryDocument,
  type WebhookDeliveryQuery,
} from '../../../../generated/graphql/graphql.js';
import { useEvery } from '../../../use-every.js';

const AGAIN_MS = 700;

export type Delivery = NonNullable<WebhookDeliveryQuery['webhookDelivery']>;

/** A delivery, asked for again and again for as long as something is awaited of it. */
export function useDelivery(id: string, isAwaited: (delivery: Delivery) => boolean) {
  const [{ data, error, fetching }, ask] = useQuery({
    query: WebhookDeliveryDocument,
    variables: { id },
  });
  const delivery = data?.webhookDelivery ?? undefined;
  const goesOn = !delivery || isAwaited(delivery);
  useEvery(goesOn && !error ? AGAIN_MS : undefined, () => {
    if (!fetching) ask();
  });
  return { delivery, error, retry: () => ask() };
}
