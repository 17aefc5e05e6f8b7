import type {
  DeliveryStatus,
  WebhookDeliveriesQueryVariables,
} from '../../../../../generated/graphql/graphql.js';
import { EVENT_TYPES } from '../event-types.js';

export const PAGE_SIZE = 25;

export const STATUSES: readonly { readonly status: DeliveryStatus; readonly name: string }[] = [
  { status: 'SUCCEEDED', name: 'Succeeded' },
  { status: 'PENDING', name: 'Pending' },
  { status: 'FAILED', name: 'Failed' },
];

/** Which part of the log is seen; the address says it. */
export interface LogPlace {
  readonly status: DeliveryStatus | undefined;
  readonly eventType: string | undefined;
  /** at most one of both: the page older than a delivery, or newer */
  readonly after: string | undefined;
  readonly before: string | undefined;
}

export function readPlace(parameters: URLSearchParams): LogPlace {
  const status = STATUSES.find((each) => each.status === parameters.get('status'));
  const eventType = EVENT_TYPES.find(({ type }) => type === parameters.get('event'));
  const after = parameters.get('after') ?? undefined;
  return {
    status: status?.status,
    eventType: eventType?.type,
    after,
    before: after === undefined ? (parameters.get('before') ?? undefined) : undefined,
  };
}

export function writePlace({ status, eventType, after, before }: LogPlace): URLSearchParams {
  return new URLSearchParams({
    ...(status && { status }),
    ...(eventType && { event: eventType }),
    ...(after && { after }),
    ...(before && { before }),
  });
}

export function variablesOf(id: string, place: LogPlace): WebhookDeliveriesQueryVariables {
  const { status, eventType, after, before } = place;
  return {
    id,
    filter: { status, eventType },
    ...(before ? { last: PAGE_SIZE, before } : { first: PAGE_SIZE, after }),
  };
}
