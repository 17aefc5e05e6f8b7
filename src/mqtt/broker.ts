import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FieldReadings } from '../domain/transfer/devices/field-readings.js';
import type { Clock } from '../domain/shared/clock.js';
import { asDomainError } from '../domain/shared/errors.js';
import type { Principal } from '../domain/shared/principal.js';
import type { BrokerState } from '../domain/transfer/broker-state.js';
import type { MqttConfig } from './config.js';
import { connectToBroker, type Connection, type MqttMessage } from './connection.js';
import { createReader } from './create-reader.js';
import { InFlight } from './in-flight.js';
import type { MessageReader, ReadMessage } from './message-reader.js';
import { MessageCounts } from './message-counts.js';

export interface BrokerDeps {
  readonly readings: FieldReadings;
  /** who records, in the account that the sensors belong to */
  readonly principal: () => Promise<Principal>;
  readonly clock: Clock;
  /** called with each message or reading that was refused, for the operator */
  readonly onRefused: (source: string, reason: string) => void;
  /** called with what prevents that anything is recorded; undefined where it works again */
  readonly onState: (isConnected: boolean, error: string | undefined) => void;
  /** called with failures of the server */
  readonly onError: (error: unknown) => void;
  readonly reconnectMs?: number;
  /** the first pause before a message is recorded again after a failure */
  readonly retryMs?: number;
}

const RETRY_MS = 1000;
const MAX_RETRY_MS = 30_000;
// While the database is away, or the account does not exist, there is no limit.
const MAX_ATTEMPTS = 5;

/** Records the messages of a broker: each is acknowledged once its readings are durable. */
export class Broker {
  private readonly counts = new MessageCounts();
  private connection: Connection | undefined;
  private isConnected = false;
  private error: string | undefined = 'This instance has not connected yet.';
  private failure: string | undefined;
  private readonly closed = new AbortController();
  private readonly inFlight = new InFlight();

  constructor(
    private readonly config: MqttConfig,
    private readonly deps: BrokerDeps,
  ) {}

  get state(): BrokerState {
    const { counts, isConnected, error, failure } = this;
    const { lastMessageAt, recorded, refused, lastRefused } = counts;
    return {
      url: this.config.url.href,
      isConnected,
      error: failure ?? error,
      ...{ lastMessageAt, recorded, refused, lastRefused },
    };
  }

  async connect(): Promise<void> {
    const { reconnectMs } = this.deps;
    const reader = await createReader(this.config, {
      publish: (topic, payload) => this.connection?.publish(topic, payload),
    });
    this.connection = await connectToBroker(this.config, {
      onMessage: (message) => this.receive(message, reader),
      onConnected: () => reader.restart(),
      onState: (isConnected, error) => {
        if (isConnected === this.isConnected && error === this.error) return;
        this.isConnected = isConnected;
        this.error = error;
        if (!this.closed.signal.aborted) this.deps.onState(isConnected, error);
      },
      ...(reconnectMs !== undefined && { reconnectMs }),
    });
  }

  /** A message that is being recorded is acknowledged no more; the broker sends it again. */
  async close(): Promise<void> {
    this.closed.abort();
    await this.connection?.close();
    this.isConnected = false;
    this.error = 'The instance that was connected has ended.';
    await this.inFlight.end();
  }

  /**
   * Reads messages in the order in which they come. Those of different readings are recorded at the
   * same time; one that came again, after a reconnection, waits for the first.
   */
  private receive(message: MqttMessage, reader: MessageReader): Promise<boolean> {
    const receivedAt = this.deps.clock();
    this.counts.lastMessageAt = receivedAt;
    const read = reader.read(message, receivedAt);
    for (const reason of read.refused) this.refuse(message, reason);
    return this.inFlight.run(keysOf(read), () => this.recordInTime(message, read, receivedAt));
  }

  /** @returns whether the message may be acknowledged: what is not stays with the broker */
  private async recordInTime(
    message: MqttMessage,
    read: ReadMessage,
    receivedAt: Date,
  ): Promise<boolean> {
    const { signal } = this.closed;
    let retryMs = this.deps.retryMs ?? RETRY_MS;
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        await this.record(message, read, receivedAt);
        this.report(undefined);
        return true;
      } catch (error) {
        const known = asDomainError(error);
        if (!known && attempt === MAX_ATTEMPTS) {
          this.deps.onError(error);
          this.refuse(message, 'A server error occurred.');
          return true;
        }
        this.report(known?.message ?? 'A server error occurred.');
      }
      // Closing ends the pause.
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
      retryMs = Math.min(2 * retryMs, MAX_RETRY_MS);
    }
    return false;
  }

  private async record(
    message: MqttMessage,
    { values, ifNone }: ReadMessage,
    receivedAt: Date,
  ): Promise<void> {
    if (values.length === 0) return;
    const principal = await this.deps.principal();
    const isTimed = values.every(({ datetime }) => datetime);
    const arrival = isTimed ? receivedAt : await this.arrival(principal, message, receivedAt);
    const readings = values.flatMap((value) => {
      const datetime = value.datetime ?? arrival;
      return datetime ? [{ ...value, datetime }] : [];
    });
    const outcome = await this.deps.readings.record(principal, 'MQTT', readings);
    const { recorded, duplicates, refused } = outcome;
    this.counts.recorded += recorded;
    for (const reason of refused) this.refuse(message, reason);
    if (ifNone && recorded + duplicates + refused.length === 0) this.refuse(message, ifNone);
    if (readings.length < values.length) {
      this.refuse(message, 'The message was retained by the broker, and has no datetime.');
    }
  }

  /** When readings without a datetime were taken; undefined where nothing says when. */
  private async arrival(
    principal: Principal,
    { topic, payload, messageId, retain, dup }: MqttMessage,
    receivedAt: Date,
  ): Promise<Date | undefined> {
    if (retain) return undefined;
    if (messageId === undefined) return receivedAt;
    const { clientId } = this.config;
    const hash = createHash('sha256').update(`${clientId}\n${topic}\n${messageId}\n`);
    const id = hash.update(payload).digest('base64');
    const message = { id, receivedAt, isRepeated: dup };
    return this.deps.readings.arrival(principal, 'MQTT', message);
  }

  private refuse({ topic }: MqttMessage, reason: string): void {
    this.counts.refuse({ at: this.deps.clock(), topic, reason });
    this.deps.onRefused(`the topic ${topic}`, reason);
  }

  private report(failure: string | undefined): void {
    if (failure === this.failure) return;
    this.failure = failure;
    this.deps.onState(this.isConnected, failure ?? this.error);
  }
}

/** One for each reading; readings without a datetime of one field are in the order of their messages. */
function keysOf({ values }: ReadMessage): Set<string> {
  return new Set(
    values.map(({ sensorId, device, field, datetime }) =>
      JSON.stringify([sensorId, device, field, datetime?.getTime()]),
    ),
  );
}
