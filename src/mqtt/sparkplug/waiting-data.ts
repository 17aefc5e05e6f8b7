import type { Metric } from './payload.js';

/** A metric that no birth has defined for certain. */
export interface WaitingMetric {
  readonly metric: Metric;
  /** what its alias was by the birth before; undefined: none was received */
  readonly formerName: string | undefined;
}

/** Metrics of a message that no birth has defined for certain. */
export interface WaitingMetrics {
  /** undefined: of the edge node itself */
  readonly device: string | undefined;
  readonly metrics: readonly WaitingMetric[];
  /** of the payload, in milliseconds since 1970 */
  readonly timestamp: string | undefined;
  readonly receivedAt: Date;
  /** of the payload */
  readonly bytes: number;
}

const MAX_WAITING = 1000;
const MAX_BYTES = 4 * 1024 * 1024;

/** What the payloads that wait take, of all edge nodes together. */
export class WaitingBytes {
  total = 0;
}

/** The messages of an edge node that wait for its births. */
export class WaitingData {
  private messages: WaitingMetrics[] = [];

  constructor(private readonly bytes: WaitingBytes) {}

  /** @returns the oldest, where there are too many */
  add(message: WaitingMetrics): readonly WaitingMetrics[] {
    this.messages.push(message);
    this.bytes.total += message.bytes;
    const dropped: WaitingMetrics[] = [];
    while (
      this.messages.length > MAX_WAITING ||
      (this.bytes.total > MAX_BYTES && this.messages.length > 0)
    ) {
      const oldest = this.messages.shift()!;
      this.bytes.total -= oldest.bytes;
      dropped.push(oldest);
    }
    return dropped;
  }

  /** Removes those of a device, or of the edge node itself. */
  take(device: string | undefined): readonly WaitingMetrics[] {
    const taken = this.messages.filter((each) => each.device === device);
    this.messages = this.messages.filter((each) => each.device !== device);
    for (const { bytes } of taken) this.bytes.total -= bytes;
    return taken;
  }

  takeAll(): readonly WaitingMetrics[] {
    const taken = this.messages;
    this.messages = [];
    for (const { bytes } of taken) this.bytes.total -= bytes;
    return taken;
  }
}
