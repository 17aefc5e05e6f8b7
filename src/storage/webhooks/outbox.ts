import type { Pipeline, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { PingChanges, PingDeletion, PingOutbox } from '../pings/ping-outbox.js';
import { enqueueDeletion, enqueuePings, enqueueStagedPings } from './sql/outbox.js';

/** Queues deliveries in the transaction that changes pings: one statement each. */
export class WebhookOutbox implements PingOutbox {
  enqueue(transaction: Pipeline, { inserted, corrections }: PingChanges): void {
    const pings = [...inserted, ...corrections];
    const previous = [
      ...inserted.map(() => 'NULL'),
      ...corrections.map(({ previousFlowrate }) => previousFlowrate),
    ];
    transaction.send(enqueuePings, [
      arrayOf(new Set(pings.map(({ sensorId }) => sensorId))),
      arrayOf(pings.map(({ sensorId }) => sensorId)),
      arrayOf(pings.map(({ id }) => id)),
      arrayOf(pings.map(({ datetime }) => instantParameter(datetime))),
      arrayOf(pings.map(({ flowrate }) => flowrate)),
      arrayOf(previous),
    ]);
  }

  enqueueDeletion(
    transaction: Pipeline,
    { accountId, sensorId, start, end, count }: PingDeletion,
  ): void {
    transaction.send(enqueueDeletion, [
      accountId,
      sensorId,
      instantParameter(start),
      instantParameter(end),
      count,
    ]);
  }

  async enqueueStaged(
    transaction: Transaction,
    accountId: number,
    { first_id, last_id }: { readonly first_id: string | null; readonly last_id: string | null },
  ): Promise<void> {
    await transaction.query(enqueueStagedPings, [accountId, first_id, last_id]);
  }
}

/** PostgreSQL's text of an array whose elements need no quotes. */
function arrayOf(elements: Iterable<number | string>): string {
  return `{${[...elements].join(',')}}`;
}
