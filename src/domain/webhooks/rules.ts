import { fieldErrors, type FieldError } from '../shared/errors.js';
import { EVENT_TYPES } from './payload.js';
import { webhookUrlError, type WebhookUrlPolicy } from './url.js';

export interface CreateEndpointInput {
  readonly url: string;
  readonly description?: string | null | undefined;
  /** null or absent: all of the account's sensors */
  readonly sensorIds?: readonly number[] | null | undefined;
  /** null or absent: `ping_received` */
  readonly eventTypes?: readonly string[] | null | undefined;
}

/** A field that is absent stays as it is; null is treated as at creation. */
export interface UpdateEndpointInput extends Partial<Omit<CreateEndpointInput, 'url'>> {
  readonly url?: string | null | undefined;
  readonly enabled?: boolean | null | undefined;
}

export const MAX_ENDPOINTS = 100;
export const MAX_DESCRIPTION = 500;
export const MAX_ENDPOINT_SENSORS = 10_000;

/** Every field that breaks its rule. Whether the sensors exist is checked elsewhere. */
export function endpointErrors(input: UpdateEndpointInput, policy: WebhookUrlPolicy): FieldError[] {
  const { url, description, sensorIds, eventTypes, enabled } = input;
  const messages = {
    url: url === null ? 'Must not be null.' : url && webhookUrlError(url, policy),
    description: description ? descriptionError(description) : undefined,
    sensorIds: sensorIds ? sensorsError(sensorIds) : undefined,
    eventTypes: eventTypes ? eventTypesError(eventTypes) : undefined,
    enabled: enabled === null ? 'Must not be null.' : undefined,
  };
  if (url === '') messages.url = 'Must not be empty.';
  return fieldErrors(messages);
}

function descriptionError(text: string): string | undefined {
  if (/[\p{Cs}\0]/u.test(text)) return 'Must not contain NUL or lone surrogates.';
  const length = [...text].length;
  return length > MAX_DESCRIPTION
    ? `Must be at most ${MAX_DESCRIPTION} characters long, not ${length}.`
    : undefined;
}

function sensorsError(ids: readonly number[]): string | undefined {
  if (ids.length === 0) return 'Must name at least one sensor; null means all of them.';
  return ids.length > MAX_ENDPOINT_SENSORS
    ? `Must name at most ${MAX_ENDPOINT_SENSORS} sensors, not ${ids.length}.`
    : undefined;
}

function eventTypesError(types: readonly string[]): string | undefined {
  const known: readonly string[] = EVENT_TYPES;
  const unknown = types.find((type) => !known.includes(type));
  if (unknown === undefined && types.length > 0) return undefined;
  const got = unknown === undefined ? 'none' : JSON.stringify(unknown);
  return `Must name at least one of ${EVENT_TYPES.join(', ')} and nothing else; got ${got}.`;
}
