/** The ways in which a ping is reported: the response to its POST, the webhook, a subscription. */
export const CHANNELS = ['response', 'webhook', 'WebSocket', 'server-sent events'] as const;
export type Channel = (typeof CHANNELS)[number];

export interface LedgerPing {
  readonly sensor_id: number;
  readonly flowrate: number;
  readonly datetime: string;
}

/**
 * Which channels have yet to report which pings. A ping that all have reported is dropped, to bound
 * its size.
 */
export class Ledger {
  private readonly awaited = new Map<string, Set<Channel>>();
  private wake: () => void = () => undefined;
  /** reports that came twice, or of a ping that was never sent */
  private readonly surplus = new Map<Channel, number>();
  /** number of acknowledged pings */
  count = 0;
  /** sum over the acknowledged pings: whole numbers, which add up exactly */
  flowrates = 0;

  /** Must be called before the pings are sent: a webhook may be faster than the response. */
  await(pings: readonly LedgerPing[]): void {
    for (const { sensor_id, datetime } of pings) {
      this.awaited.set(keyOf(sensor_id, datetime), new Set(CHANNELS));
    }
  }

  acknowledge(pings: readonly LedgerPing[]): void {
    for (const { sensor_id, datetime, flowrate } of pings) {
      this.report('response', sensor_id, datetime);
      this.count++;
      this.flowrates += flowrate;
    }
  }

  correct(before: readonly LedgerPing[], after: readonly LedgerPing[]): void {
    this.flowrates += sum(after) - sum(before);
  }

  report(channel: Channel, sensorId: number, datetime: string): void {
    const key = keyOf(sensorId, datetime);
    const left = this.awaited.get(key);
    if (!left?.delete(channel)) {
      this.surplus.set(channel, (this.surplus.get(channel) ?? 0) + 1);
    } else if (left.size === 0) {
      this.awaited.delete(key);
      if (this.awaited.size === 0) this.wake();
    }
  }

  /** Waits until everything was reported, at most for the given time. */
  async settled(milliseconds: number): Promise<void> {
    if (this.awaited.size === 0) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, milliseconds).unref();
    });
  }

  /** Number of pings that a channel did not report, plus its surplus reports. */
  errorCount(channel: Channel): number {
    const missing = [...this.awaited.values()].filter((left) => left.has(channel)).length;
    return missing + (this.surplus.get(channel) ?? 0);
  }
}

function keyOf(sensorId: number, datetime: string): string {
  return `${sensorId} ${Date.parse(datetime)}`;
}

function sum(pings: readonly LedgerPing[]): number {
  return pings.reduce((total, { flowrate }) => total + flowrate, 0);
}
