/** What tells of a ping: the answer to its POST, the webhook, a subscription. */
export const WITNESSES = ['answer', 'webhook', 'WebSocket', 'server-sent events'] as const;
export type Witness = (typeof WITNESSES)[number];

export interface LedgerPing {
  readonly sensor_id: number;
  readonly flowrate: number;
  readonly datetime: string;
}

/** Who has yet to tell of which pings. A ping that all have told of is let go, so that it stays small. */
export class Ledger {
  private readonly awaited = new Map<string, Set<Witness>>();
  private wake: () => void = () => undefined;
  /** what a witness told again, or of a ping that nobody sent */
  private readonly surplus = new Map<Witness, number>();
  /** what was acknowledged */
  count = 0;
  /** of the acknowledged pings: whole numbers, so that they add up exactly */
  flowrates = 0;

  /** To be called before they are sent: a webhook may be faster than the answer. */
  await(pings: readonly LedgerPing[]): void {
    for (const { sensor_id, datetime } of pings) {
      this.awaited.set(keyOf(sensor_id, datetime), new Set(WITNESSES));
    }
  }

  acknowledge(pings: readonly LedgerPing[]): void {
    for (const { sensor_id, datetime, flowrate } of pings) {
      this.hear('answer', sensor_id, datetime);
      this.count++;
      this.flowrates += flowrate;
    }
  }

  correct(before: readonly LedgerPing[], after: readonly LedgerPing[]): void {
    this.flowrates += sum(after) - sum(before);
  }

  hear(witness: Witness, sensorId: number, datetime: string): void {
    const key = keyOf(sensorId, datetime);
    const left = this.awaited.get(key);
    if (!left?.delete(witness)) {
      this.surplus.set(witness, (this.surplus.get(witness) ?? 0) + 1);
    } else if (left.size === 0) {
      this.awaited.delete(key);
      if (this.awaited.size === 0) this.wake();
    }
  }

  /** Waits until all was told, or so long. */
  async settled(milliseconds: number): Promise<void> {
    if (this.awaited.size === 0) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, milliseconds).unref();
    });
  }

  /** Of how many pings a witness did not tell, and how often of one too many. */
  faults(witness: Witness): number {
    const missing = [...this.awaited.values()].filter((left) => left.has(witness)).length;
    return missing + (this.surplus.get(witness) ?? 0);
  }
}

function keyOf(sensorId: number, datetime: string): string {
  return `${sensorId} ${Date.parse(datetime)}`;
}

function sum(pings: readonly LedgerPing[]): number {
  return pings.reduce((total, { flowrate }) => total + flowrate, 0);
}
