import { currentTraceparent } from '../../tracing/tracing.js';
import type { Queryable } from '../postgres/database.js';
import { enqueueEvent } from './sql/outbox.js';

/** An event for the endpoints that ask for it. */
export interface OutboxEvent {
  readonly type: 'volume_revised' | 'imbalance_detected' | 'period_closed' | 'statement_issued';
  /** the sensors that it is about: an endpoint that names sensors gets it if one is among them */
  readonly sensorIds: readonly number[];
  /** of an event about one sensor */
  readonly sensor?: { readonly id: number; readonly name: string };
  /** the body's data */
  readonly data: object;
}

/** Queues deliveries of an event in the transaction of what it is about. */
export async function enqueue(
  transaction: Queryable,
  accountId: number,
  { type, sensorIds, sensor, data }: OutboxEvent,
): Promise<void> {
  await transaction.query(enqueueEvent, [
    ...[accountId, type, sensorIds, sensor?.id ?? 0, sensor?.name ?? ''],
    ...[JSON.stringify(data), currentTraceparent() ?? null],
  ]);
}
