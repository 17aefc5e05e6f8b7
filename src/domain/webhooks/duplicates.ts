import type { WebhookEndpoint } from './endpoints.js';

type Target = Pick<WebhookEndpoint, 'id' | 'url' | 'sensorIds' | 'eventTypes' | 'enabled'>;

/**
 * The other enabled endpoints with the same URL that receive some of the same events: the receiver
 * gets those twice.
 */
export function duplicatesOf(endpoint: Target, all: readonly Target[]): number[] {
  const { href } = new URL(endpoint.url);
  const sensors = endpoint.sensorIds && new Set(endpoint.sensorIds);
  return all
    .filter(
      (other) =>
        other.id !== endpoint.id &&
        other.enabled &&
        new URL(other.url).href === href &&
        other.eventTypes.some((type) => endpoint.eventTypes.includes(type)) &&
        (!sensors || !other.sensorIds || other.sensorIds.some((id) => sensors.has(id))),
    )
    .map(({ id }) => id);
}
