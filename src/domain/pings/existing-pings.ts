import type { StoredPing } from '../../storage/pings/stored-ping.js';

/**
 * The pings at instants of sensors. Two levels of numbers: a key made of text would cost a
 * millisecond for a thousand pings.
 */
export class ExistingPings {
  private readonly sensors = new Map<number, Map<number, StoredPing>>();

  get(sensorId: number, datetime: Date): StoredPing | undefined {
    return this.sensors.get(sensorId)?.get(datetime.getTime());
  }

  set(ping: StoredPing): void {
    const pings = this.sensors.get(ping.sensorId) ?? new Map<number, StoredPing>();
    pings.set(ping.datetime.getTime(), ping);
    this.sensors.set(ping.sensorId, pings);
  }

  /** Those of a sensor in the order in which their instants were first set. */
  *values(): Generator<StoredPing, void, undefined> {
    for (const pings of this.sensors.values()) yield* pings.values();
  }
}
