/** The flowrates that were acknowledged, each instant's in the order they were; bbl/d. */
export class Ledger {
  private readonly flowrates = new Map<string, number[]>();

  /** A request was acknowledged: new pings, or corrections of pings that were. */
  acknowledge(pings: readonly SentPing[]): void {
    for (const ping of pings) {
      const key = keyOf(ping.sensor_id, ping.datetime);
      this.flowrates.set(key, [...(this.flowrates.get(key) ?? []), ping.flowrate]);
    }
  }

  get size(): number {
    return this.flowrates.size;
  }

  /** What must be held, by instant. */
  held(): Record<string, number> {
    return Object.fromEntries([...this.flowrates].map(([key, all]) => [key, all.at(-1)!]));
  }

  /** What must be kept of the flowrates that were replaced, by instant. */
  revisions(): Record<string, [number, number][]> {
    const corrected = [...this.flowrates].filter(([, all]) => all.length > 1);
    return Object.fromEntries(
      corrected.map(([key, all]) => [key, all.slice(1).map((now, index) => [all[index]!, now])]),
    );
  }
}

/** A ping as REST takes it. */
export interface SentPing {
  readonly sensor_id: number;
  readonly datetime: string;
  readonly flowrate: number;
}

/** @param datetime in any form that JavaScript reads */
export function keyOf(sensorId: number | string, datetime: string | Date): string {
  return `${sensorId} ${new Date(datetime).toISOString()}`;
}
