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

/** Which part of the log is shown, as the address of the page has it. */
export interface LogState {
  readonly status: DeliveryStatus | undefined;
  readonly eventType: string | undefined;
  /** At most one of the two is set: the page of deliveries older, or newer, than a cursor. */
  readonly after: string | undefined;
  readonly before: string | undefined;
}

export function readLogState(parameters: URLSearchParams): LogState {
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

export function writeLogState({ status, eventType, after, before }: LogState): URLSearchParams {
  return new URLSearchParams({
    ...(status && { status }),
    ...(eventType && { event: eventType }),
    ...(after && { after }),
    ...(before && { before }),
  });
}

export function variablesOf(id: string, state: LogState): WebhookDeliveriesQueryVariables {
  const { status, eventType, after, before } = state;
  return {
    id,
    filter: { status, eventType },
    ...(before ? { last: PAGE_SIZE, before } : { first: PAGE_SIZE, after }),
  };
}
