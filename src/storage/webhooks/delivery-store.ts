import { currentTraceparent } from '../../tracing/tracing.js';
import type { Reader } from '../postgres/reader.js';
import type { Database } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import {
  deliveriesAfter,
  deliveryCounts,
  deliveryWindow,
  findDeliveries,
  deletedEndpoints,
  numbering,
  pruneDeliveries,
  queueAgain,
  queueFailedAgain,
  queuePendingNow,
  queueTest,
  removeDeliveries,
} from './sql/deliveries.js';
import type { EventRow } from './queue-store.js';

/** A delivery as the log has it; instants in milliseconds since 1970. */
export interface DeliveryRow extends EventRow {
  readonly id: string;
  readonly endpoint_id: number;
  readonly webhook_id: string;
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED';
  readonly sequence: string | null;
  readonly created_at: number;
  readonly next_attempt_at: number | null;
  readonly is_test: boolean;
  readonly attempts: readonly unknown[];
}

/** How far an endpoint's events are numbered. */
export interface NumberingRow {
  readonly endpoint_id: number;
  readonly last_sequence: string;
  readonly unnumbered: number;
}

export interface DeliveryFilter {
  readonly status?: DeliveryRow['status'] | undefined;
  readonly eventType?: string | undefined;
  /** inclusive */
  readonly since?: Date | undefined;
  /** exclusive */
  readonly until?: Date | undefined;
  readonly sensorId?: number | undefined;
  readonly webhookId?: string | undefined;
  readonly sequence?: number | undefined;
}

/** Deliveries between two ids, both exclusive, newest first, taken from one end of that range. */
export interface DeliveryWindow {
  readonly filter: DeliveryFilter;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly take: number;
  readonly from: 'first' | 'last';
}

export interface TestEvent {
  readonly sensorId: number;
  readonly sensorName: string;
  readonly pingId: string | null;
  readonly datetime: Date;
  readonly flowrate: number;
}

const BEFORE_ALL = '-1';
const AFTER_ALL = '9223372036854775807';

/** The log of deliveries. */
export class WebhookDeliveryStore {
  constructor(private readonly database: Database) {}

  /** By id, descending where they are taken from the first, else ascending. */
  window(
    reader: Reader,
    endpointIds: readonly number[],
    { filter, after, before, take, from }: DeliveryWindow,
  ): Promise<DeliveryRow[]> {
    return this.database.reads.query(reader, deliveryWindow[from === 'first' ? 'DESC' : 'ASC'], [
      ...[reader.accountId, endpointIds, ...parametersOf(filter)],
      ...[before ?? BEFORE_ALL, after ?? AFTER_ALL, take],
    ]);
  }

  counts(
    reader: Reader,
    endpointIds: readonly number[],
    filter: DeliveryFilter,
  ): Promise<{ endpoint_id: number; count: number }[]> {
    return this.database.reads.query(reader, deliveryCounts, [
      reader.accountId,
      endpointIds,
      ...parametersOf(filter),
    ]);
  }

  find(reader: Reader, ids: readonly string[]): Promise<DeliveryRow[]> {
    return this.database.reads.query(reader, findDeliveries, [reader.accountId, ids]);
  }

  /** The events of each endpoint after a number, by number. */
  after(
    reader: Reader,
    endpointIds: readonly number[],
    sequence: string,
    take: number,
  ): Promise<DeliveryRow[]> {
    return this.database.reads.query(reader, deliveriesAfter, [
      reader.accountId,
      endpointIds,
      sequence,
      take,
    ]);
  }

  /** For each of these endpoints that the account has. */
  numbering(reader: Reader, endpointIds: readonly number[]): Promise<NumberingRow[]> {
    return this.database.reads.query(reader, numbering, [reader.accountId, endpointIds]);
  }

  /** @returns the delivery's id */
  async queueTest(endpointId: number, event: TestEvent): Promise<string> {
    const { sensorId, sensorName, pingId, datetime, flowrate } = event;
    const at = instantParameter(datetime);
    const [row] = await this.database.query<{ id: string }>(queueTest, [
      ...[endpointId, sensorId, sensorName, pingId, at, flowrate],
      currentTraceparent() ?? null,
    ]);
    return row!.id;
  }

  async queueAgain(id: string): Promise<void> {
    await this.database.query(queueAgain, [id]);
  }

  /** @returns how many were queued again; undefined where they are more than `room`, and none was */
  async queueFailedAgain(
    endpointId: number,
    since: Date,
    room: number,
  ): Promise<number | undefined> {
    const [row] = await this.database.query<{ count: number; fits: boolean }>(queueFailedAgain, [
      endpointId,
      instantParameter(since),
      room,
    ]);
    return row?.fits ? row.count : undefined;
  }

  /** @returns how many were made due */
  async queuePendingNow(endpointId: number): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(queuePendingNow, [endpointId]);
    return row?.count ?? 0;
  }

  /** Removes some deliveries from before an instant. @returns how many */
  async prune(keptFrom: Date, limit: number): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(pruneDeliveries, [
      instantParameter(keptFrom),
      limit,
    ]);
    return row?.count ?? 0;
  }

  async deletedEndpoints(): Promise<number[]> {
    return (await this.database.query<{ id: number }>(deletedEndpoints, [])).map(({ id }) => id);
  }

  /** Removes some of an endpoint's deliveries. @returns how many */
  async remove(endpointId: number, limit: number): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(removeDeliveries, [
      endpointId,
      limit,
    ]);
    return row?.count ?? 0;
  }
}

function parametersOf(filter: DeliveryFilter): unknown[] {
  const { status, eventType, since, until, sensorId, webhookId, sequence } = filter;
  return [
    ...[status ?? null, eventType ?? null],
    ...[since ? instantParameter(since) : null, until ? instantParameter(until) : null],
    ...[sensorId ?? null, webhookId ?? null, sequence ?? null],
  ];
}
