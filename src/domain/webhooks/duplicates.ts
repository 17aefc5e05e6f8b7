/** What of an endpoint decides which events it receives, and where. */
interface Target {
  readonly id: number;
  readonly url: string;
  /** null: all of the account's sensors */
  readonly sensorIds: readonly number[] | null;
  readonly eventTypes: readonly string[];
  readonly enabled: boolean;
}

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
