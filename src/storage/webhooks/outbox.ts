import { float8Array, int4Array, int8Array, timestamptzArray } from '../postgres/binary-array.js';
import { currentTraceparent } from '../../tracing/tracing.js';
import type { Pipeline, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { severityOf } from '../pings/quality.js';
import type { AppendedPings } from '../pings/append-parameters.js';
import type { ClaimOffer, PingChanges, PingDeletion, PingOutbox } from '../pings/ping-outbox.js';
import {
  enqueueDeletion,
  enqueuePings,
  enqueueRemovedPings,
  enqueueStagedPings,
} from './sql/outbox.js';

/** Queues deliveries in the transaction that changes pings, with one statement. */
export class WebhookOutbox implements PingOutbox {
  /** @param offerOf what is claimed with pings, of which there are so many of each account */
  constructor(
    private readonly offerOf: (pings: ReadonlyMap<number, number>) => ClaimOffer | undefined,
  ) {}

  offer(requests: readonly AppendedPings[]): ClaimOffer | undefined {
    const counts = new Map<number, number>();
    for (const { accountId, pings } of requests) {
      counts.set(accountId, (counts.get(accountId) ?? 0) + pings.length);
    }
    return this.offerOf(counts);
  }

  enqueue(transaction: Pipeline, { inserted, corrections, traceparents }: PingChanges): void {
    // Corrections first: the list of previous flowrates ends with them.
    const pings = [...corrections, ...inserted.filter(({ quality }) => quality !== 'BAD')];
    if (pings.length === 0) return;
    const lastOfQuality = pings.findLastIndex(({ quality }) => quality !== 'GOOD');
    const sensorIds = pings.map(({ sensorId }) => sensorId);
    transaction.send(enqueuePings, [
      int4Array([...new Set(sensorIds)]),
      int4Array(sensorIds),
      int8Array(pings.map(({ id }) => id)),
      timestamptzArray(pings.map(({ datetime }) => datetime)),
      float8Array(pings.map(({ flowrate }) => flowrate)),
      float8Array(corrections.map(({ previousFlowrate }) => previousFlowrate)),
      pings.slice(0, lastOfQuality + 1).map(({ quality }) => severityOf(quality)),
      traceparents ? pings.map(({ id }) => traceparents.get(id) ?? null) : [],
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
      currentTraceparent() ?? null,
    ]);
  }

  async enqueueStaged(
    transaction: Transaction,
    accountId: number,
    { first_id, last_id }: { readonly first_id: string | null; readonly last_id: string | null },
    recordedAt: Date,
    room: number | undefined,
  ): Promise<boolean> {
    const limit = room === undefined ? null : room + 1;
    const queued = await transaction.change(enqueueStagedPings, [
      ...[accountId, first_id, last_id, limit, instantParameter(recordedAt)],
      currentTraceparent() ?? null,
    ]);
    return room === undefined || queued <= room;
  }

  enqueueRemoved(
    transaction: Transaction,
    accountId: number,
    room: number | undefined,
  ): Promise<number> {
    const limit = room === undefined ? null : room + 1;
    const values = [accountId, limit, currentTraceparent() ?? null];
    return transaction.change(enqueueRemovedPings, values);
  }
}
