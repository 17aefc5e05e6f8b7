import type { Pipeline, Transaction } from '../postgres/database.js';
import type { AppendedPings } from './append-parameters.js';
import type { PingCorrection, StoredPing } from './stored-ping.js';
import type { TimeRange } from '../postgres/time-range.js';

/** What a transaction did to pings. */
export interface PingChanges {
  readonly inserted: readonly StoredPing[];
  readonly corrections: readonly PingCorrection[];
  /** the `traceparent` of what changed them, by their ids; undefined where nothing is traced */
  readonly traceparents?: ReadonlyMap<string, string> | undefined;
}

export interface PingDeletion extends TimeRange {
  readonly accountId: number;
  readonly sensorId: number;
  readonly count: number;
}

/** What can be claimed of deliveries in the transaction that queues them. */
export interface ClaimOffer {
  /** of `appendAndClaim`, after those of `appendPings` */
  readonly parameters: readonly unknown[];
  /** To be called with what was claimed, once that is committed: the one that offered sees to all deliveries of the pings. */
  committed(claimed: readonly object[]): void;
  /** To be called where it is not known to be committed. */
  failed(error: unknown): void;
}

/** Stores notifications of changed pings in the transaction that changes them. */
export interface PingOutbox {
  enqueue(transaction: Pipeline, changes: PingChanges): void;
  enqueueDeletion(transaction: Pipeline, deletion: PingDeletion): void;
  /** undefined where nothing is to be claimed with the pings of these requests */
  offer(requests: readonly AppendedPings[]): ClaimOffer | undefined;
  /**
   * The pings of the temporary table `staged_ping`: new ones have ids in the given span, all others
   * were stored before. Corrections were logged at `recordedAt`.
   * @param room how many events may be queued; undefined: all
   * @returns whether there was room for all; otherwise the transaction must be rolled back
   */
  enqueueStaged(
    transaction: Transaction,
    accountId: number,
    inserted: { readonly first_id: string | null; readonly last_id: string | null },
    recordedAt: Date,
    room: number | undefined,
  ): Promise<boolean>;
  /**
   * The deletion of the pings of the temporary table `removed_ping`: an event for each run of them
   * between pings that stay.
   * @param room how many events may be queued, of which one more is queued at most
   * @returns how many were queued
   */
  enqueueRemoved(
    transaction: Transaction,
    accountId: number,
    room: number | undefined,
  ): Promise<number>;
}

/** For callers that notify no one. */
export const NO_OUTBOX: PingOutbox = {
  enqueue: () => undefined,
  enqueueDeletion: () => undefined,
  offer: () => undefined,
  enqueueStaged: () => Promise.resolve(true),
  enqueueRemoved: () => Promise.resolve(0),
};
