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
  /** an event number or a webhook-id */
  readonly search: string | undefined;
  readonly sensorId: string | undefined;
  /** days of the browser's time zone, both inclusive: `2026-11-23` */
  readonly from: string | undefined;
  readonly to: string | undefined;
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
    search: parameters.get('search') ?? undefined,
    sensorId: parameters.get('sensor') ?? undefined,
    from: readDay(parameters.get('from')),
    to: readDay(parameters.get('to')),
    after,
    before: after === undefined ? (parameters.get('before') ?? undefined) : undefined,
  };
}

export function writeLogState({ eventType, sensorId, ...state }: LogState): URLSearchParams {
  const named = { ...state, event: eventType, sensor: sensorId };
  const given = Object.entries(named).filter((entry): entry is [string, string] => !!entry[1]);
  return new URLSearchParams(given);
}

/** Whether the state leaves out any delivery of the endpoint. */
export function isFiltered({ after, before, ...filters }: LogState): boolean {
  return [after, before, ...Object.values(filters)].some((value) => value !== undefined);
}

export function variablesOf(id: string, state: LogState): WebhookDeliveriesQueryVariables {
  const { status, eventType, search, sensorId, from, to, after, before } = state;
  return {
    id,
    filter: {
      status,
      eventType,
      sensorId,
      ...(search && soughtBy(search)),
      since: from && startOf(from).toISOString(),
      until: to && startOf(to, 1).toISOString(),
    },
    ...(before ? { last: PAGE_SIZE, before } : { first: PAGE_SIZE, after }),
  };
}

/** A number is an event's; anything else is taken for a webhook-id. */
function soughtBy(search: string): { sequence: number } | { webhookId: string } {
  const number = Number(search.replaceAll(/[\s,.']/g, ''));
  return Number.isSafeInteger(number) ? { sequence: number } : { webhookId: search.trim() };
}

function readDay(text: string | null): string | undefined {
  return text && !Number.isNaN(startOf(text).getTime()) ? text : undefined;
}

/** The start of a day, or of one some days later. */
function startOf(day: string, daysLater = 0): Date {
  const [year = Number.NaN, month = Number.NaN, date = Number.NaN] = day.split('-').map(Number);
  return new Date(year, month - 1, date + daysLater);
}
