import { define, Definitions, type Definition } from './definitions.js';
import {
  WaitingData,
  type WaitingBytes,
  type WaitingMetric,
  type WaitingMetrics,
} from './waiting-data.js';
import type { Metric, Payload } from './payload.js';
import type { SparkplugTopic } from './topic.js';

/** A metric that is known. */
export interface DefinedMetric {
  readonly device: string | undefined;
  readonly metric: Metric;
  readonly definition: Definition;
  /** of the metric or its payload, in milliseconds since 1970 */
  readonly timestamp: string | undefined;
  /** where its message had to wait for a birth */
  readonly waitingSince: Date | undefined;
}

/** What a message says, together with those that waited for it. */
export interface NodeMessage {
  readonly metrics: readonly DefinedMetric[];
  readonly refused: readonly string[];
}

/** How a message came. */
export interface Receipt {
  readonly receivedAt: Date;
  /** sent again by the broker */
  readonly isRepeated: boolean;
  /** of its payload */
  readonly bytes: number;
}

const SEQUENCE = 256;
const BIRTH_DEATH = 'bdSeq';

/**
 * An edge node: what its births have defined, and the order of its messages. Metrics that need a
 * birth which was not received wait for it: an alias of an earlier birth may mean another metric.
 * An edge node that begins anew has died before, and its death is sent with QoS 1; so metrics that
 * wait are of the birth that comes next, unless a death comes before it, or the birth before gave
 * their alias to another metric.
 */
export class EdgeNode {
  /** whether its births must be asked for */
  needsBirth = true;
  private birthDeath: string | undefined;
  private seq: number | undefined;
  private readonly births = new Map<string | undefined, Definitions>();
  private readonly waiting: WaitingData;

  constructor(bytes: WaitingBytes) {
    this.waiting = new WaitingData(bytes);
  }

  receive(
    { type, device }: SparkplugTopic,
    payload: Payload,
    { receivedAt, isRepeated, bytes }: Receipt,
  ): NodeMessage {
    if (type === 'NDEATH') return this.die(payload);
    if (type === 'NBIRTH') this.begin(payload);
    else this.follow(payload, isRepeated);
    if (type === 'DDEATH') {
      this.births.delete(device);
      return { metrics: [], refused: this.waiting.take(device).map(reasonOf) };
    }
    const { metrics = [], timestamp } = payload;
    if (type === 'NDATA' || type === 'DDATA') {
      return this.read(metrics, { device, timestamp, receivedAt, bytes });
    }
    const definitions = new Definitions(metrics);
    this.births.set(device, definitions);
    const born = metrics.flatMap((metric) => {
      const definition = define(metric, definitions);
      const at = metric.timestamp ?? timestamp;
      return definition
        ? [{ device, metric, definition, timestamp: at, waitingSince: undefined }]
        : [];
    });
    const waiting = this.needsBirth ? [] : this.waiting.take(device);
    const released = waiting.map((each) => release(each, definitions));
    return {
      metrics: [...released.flatMap((each) => each.metrics), ...born],
      refused: released.flatMap((each) => each.refused),
    };
  }

  /** Messages may have been missed. */
  miss(): void {
    this.needsBirth = true;
  }

  private begin({ metrics = [], seq }: Payload): void {
    this.birthDeath = metrics.find(({ name }) => name === BIRTH_DEATH)?.longValue;
    this.seq = seq === undefined ? undefined : Number(seq);
    this.births.clear();
    this.needsBirth = false;
  }

  /** A death that the broker sends late is of an earlier birth. */
  private die({ metrics = [] }: Payload): NodeMessage {
    const birthDeath = metrics.find(({ name }) => name === BIRTH_DEATH)?.longValue;
    if (this.birthDeath !== undefined && birthDeath !== this.birthDeath) {
      return { metrics: [], refused: [] };
    }
    this.birthDeath = undefined;
    this.births.clear();
    this.needsBirth = true;
    return { metrics: [], refused: this.waiting.takeAll().map(reasonOf) };
  }

  private follow({ seq }: Payload, isRepeated: boolean): void {
    if (this.needsBirth || this.seq === undefined) return;
    const expected = (this.seq + 1) % SEQUENCE;
    if (Number(seq) === expected) this.seq = expected;
    else if (!isRepeated) this.needsBirth = true;
  }

  private read(
    all: readonly Metric[],
    message: Pick<WaitingMetrics, 'device' | 'timestamp' | 'receivedAt' | 'bytes'>,
  ): NodeMessage {
    const { device, timestamp } = message;
    const births = this.births.get(device);
    const metrics: DefinedMetric[] = [];
    const unknown: WaitingMetric[] = [];
    for (const metric of all) {
      const definition = define(metric, births);
      // With a gap before it, an alias may be of a birth that was missed.
      if (!definition || (metric.name === undefined && this.needsBirth)) {
        unknown.push({ metric, formerName: definition?.name });
      } else {
        const at = metric.timestamp ?? timestamp;
        metrics.push({ device, metric, definition, timestamp: at, waitingSince: undefined });
      }
    }
    if (!births || unknown.length > 0) this.needsBirth = true;
    const dropped = unknown.length > 0 ? this.waiting.add({ ...message, metrics: unknown }) : [];
    return { metrics, refused: dropped.map(reasonOf) };
  }
}

/** What a birth says that metrics are which waited for it. */
function release(
  { device, metrics, timestamp, receivedAt }: WaitingMetrics,
  definitions: Definitions,
): NodeMessage {
  const known: DefinedMetric[] = [];
  const refused: string[] = [];
  for (const { metric, formerName } of metrics) {
    const definition = define(metric, definitions);
    if (!definition) refused.push(unknownAlias(metric));
    else if (formerName !== undefined && formerName !== definition.name) {
      refused.push(changedAlias(metric, formerName, definition.name));
    } else {
      const at = metric.timestamp ?? timestamp;
      known.push({ device, metric, definition, timestamp: at, waitingSince: receivedAt });
    }
  }
  return { metrics: known, refused };
}

function reasonOf({ device, metrics }: WaitingMetrics): string {
  const of = device === undefined ? 'the edge node' : `the device ${JSON.stringify(device)}`;
  return `No birth of ${of} came that says what its ${metrics.length} values are.`;
}

function unknownAlias({ name, alias }: Metric): string {
  return name === undefined
    ? `The birth has no metric with the alias ${alias ?? '(none)'}.`
    : `${name}: the birth does not say of which type it is.`;
}

/** Nobody knows whether the value was sent before the change or after it. */
function changedAlias({ alias }: Metric, before: string, after: string): string {
  return `The alias ${alias} was of ${JSON.stringify(before)} and is of ${JSON.stringify(after)} now; a message was lost, so its value may be of either.`;
}
