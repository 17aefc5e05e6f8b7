import type { FieldError } from '../shared/errors.js';
import { EVENT_TYPES } from './payload.js';
import { webhookUrlError, type WebhookUrlPolicy } from './url.js';

export interface CreateEndpointInput {
  readonly url: string;
  readonly description?: string | null | undefined;
  /** null or absent: all of the account's */
  readonly sensorIds?: readonly number[] | null | undefined;
  /** null or absent: `ping_received` */
  readonly eventTypes?: readonly string[] | null | undefined;
}

/** What is absent stays; null is as when it is made. */
export interface UpdateEndpointInput extends Partial<Omit<CreateEndpointInput, 'url'>> {
  readonly url?: string | null | undefined;
  readonly enabled?: boolean | null | undefined;
}

export const MAX_ENDPOINTS = 100;
export const MAX_DESCRIPTION = 500;
export const MAX_ENDPOINT_SENSORS = 10_000;

/** Every field that breaks its rule. Whether the sensors are there is not looked at here. */
export function endpointErrors(input: UpdateEndpointInput, policy: WebhookUrlPolicy): FieldError[] {
  const { url, description, sensorIds, eventTypes, enabled } = input;
  const messages = {
    url: url === null ? 'Must not be null.' : url && webhookUrlError(url, policy),
    description: description ? descriptionFault(description) : undefined,
    sensorIds: sensorIds ? sensorsFault(sensorIds) : undefined,
    eventTypes: eventTypes ? eventTypesFault(eventTypes) : undefined,
    enabled: enabled === null ? 'Must not be null.' : undefined,
  };
  if (url === '') messages.url = 'Must not be empty.';
  return Object.entries(messages).flatMap(([field, message]) =>
    message ? [{ path: [field], message }] : [],
  );
}

function descriptionFault(text: string): string | undefined {
  if (/[\p{Cs}\0]/u.test(text)) return 'Must not contain NUL or lone surrogates.';
  const length = [...text].length;
  return length > MAX_DESCRIPTION
    ? `Must be at most ${MAX_DESCRIPTION} characters long, not ${length}.`
    : undefined;
}

function sensorsFault(ids: readonly number[]): string | undefined {
  if (ids.length === 0) return 'Must name at least one sensor; null is all of them.';
  return ids.length > MAX_ENDPOINT_SENSORS
    ? `Must name at most ${MAX_ENDPOINT_SENSORS} sensors, not ${ids.length}.`
    : undefined;
}

function eventTypesFault(types: readonly string[]): string | undefined {
  const known: readonly string[] = EVENT_TYPES;
  const unknown = types.find((type) => !known.includes(type));
  if (unknown === undefined && types.length > 0) return undefined;
  const got = unknown === undefined ? 'none' : JSON.stringify(unknown);
  return `Must name at least one of ${EVENT_TYPES.join(', ')} and nothing else; got ${got}.`;
}
