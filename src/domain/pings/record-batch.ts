import { asUncertain } from '../../storage/pings/flag-pings.js';
import { pingOf } from '../../storage/pings/ping-row.js';
import type {
  LockedSensors,
  PingWriter,
  RecordedChanges,
  SensorLock,
} from '../../storage/pings/ping-writer.js';
import type { Admission } from './admission.js';
import { duplicateFlags, type DuplicateFlag } from './checked-pings.js';
import { correctionEvents } from './audit.js';
import { inParts } from '../shared/in-parts.js';
import { ExistingPings } from './existing-pings.js';
import { inSpan, type SpanDetails } from '../../tracing/tracing.js';
import { readStoredTotalizers } from './stored-totalizers.js';
import { writeBatch } from './write-batch.js';
import {
  resolveConflicts,
  type BatchState,
  type NewPing,
  type RequestedPings,
  type Resolution,
} from './resolve-conflicts.js';

/** Pings of one request, each valid by itself. */
export interface RecordRequest extends RequestedPings {
  /** the sensors of the pings, each once */
  readonly sensorIds: readonly number[];
  readonly admission: Admission;
  /** ascending as requests arrive */
  readonly arrival: number;
  /** of its span; undefined where nothing is traced */
  readonly traceparent: string | undefined;
}

/** A request that was not started, because another transaction has locked these of its sensors. */
export interface Blocked {
  readonly lockedSensors: readonly number[];
}

/** A request that was recorded, or refused. */
export type Resolved = { readonly result: Resolution } | { readonly error: unknown };

export function isBlocked(outcome: object): outcome is Blocked {
  return 'lockedSensors' in outcome;
}

/** Runs the recording of a batch in its span: in the trace of the first request, and linked to those of the others. */
export function inBatchSpan<T>(
  requests: readonly RecordRequest[],
  work: () => Promise<T>,
): Promise<T> {
  return inSpan(() => batchSpan(requests), work);
}

function batchSpan(requests: readonly RecordRequest[]): SpanDetails {
  const [first, ...links] = requests.map(({ traceparent }) => traceparent);
  return {
    name: 'commit pings',
    attributes: { 'flowgate.requests': requests.length },
    parent: { traceparent: first },
    links: links.filter((link) => link !== undefined),
  };
}

/**
 * Records requests in one transaction, each whole or not at all: locks their sensors, reads the
 * pings that are stored at their instants, resolves conflicts one request after the other, and
 * writes what they come to.
 *
 * @throws LockTimeoutError where it has waited for a sensor for too long
 */
export function recordBatch(
  writer: PingWriter,
  requests: readonly RecordRequest[],
  lock: SensorLock,
): Promise<readonly (Resolved | Blocked)[]> {
  return writer.transaction(async (transaction) => {
    const sensorIds = new Set<number>();
    let count = 0;
    for (const request of requests) {
      for (const id of request.sensorIds) sensorIds.add(id);
      count += request.pings.length;
    }
    const locked = await writer.lock(transaction, [...sensorIds], count, lock);
    const blockers = requests.map((request) => lockedElsewhere(request, locked));
    const pings = requests.flatMap(({ pings }, index) => (blockers[index] ? [] : pings));
    const existing = new ExistingPings();
    await inParts(await writer.existing(transaction, locked.sensors, pings), (rows) => {
      for (const row of rows) existing.set(pingOf(row));
    });
    await readStoredTotalizers(writer, transaction, locked.sensors, pings, existing);
    const newest = new Map<number, number>();
    for (const [id, { lastAt }] of locked.sensors) if (lastAt !== null) newest.set(id, lastAt);
    const { recordedAt, pingIds, sensors } = locked;
    let drawn = 0;
    const newPing = ({ sensorId, datetime, flowrate, quality = 'GOOD', totalizer }: NewPing) => {
      const ping = { id: pingIds[drawn++]!, sensorId, datetime, flowrate, recordedAt, quality };
      return totalizer === undefined ? ping : { ...ping, totalizer };
    };
    const state = { sensors, existing, newest, newPing };
    const outcomes: (Resolved | Blocked)[] = [];
    const raised: DuplicateFlag[] = [];
    for (const [index, request] of requests.entries()) {
      const lockedSensors = blockers[index];
      const outcome = lockedSensors ? { lockedSensors } : await resolve(request, state);
      if ('error' in outcome) raised.push(...duplicateFlags(request, outcome.error, state));
      outcomes.push(outcome);
    }
    const failing = await writeBatch(writer, transaction, locked, {
      changes: { ...changesOf(outcomes, raised), traceparents: traceparentsOf(requests, outcomes) },
      raised,
      decided: () => decidedIn(outcomes),
    });
    const events = outcomes.flatMap((outcome, index) =>
      'result' in outcome
        ? correctionEvents(requests[index]!.principal, outcome.result.corrections)
        : [],
    );
    writer.audit(transaction, events);
    if (failing.size === 0) return outcomes;
    return outcomes.map((outcome) =>
      'result' in outcome ? { result: asWritten(outcome.result, failing) } : outcome,
    );
  });
}

function asWritten(resolution: Resolution, failing: ReadonlySet<string>): Resolution {
  return { ...resolution, ...asUncertain(resolution, failing) };
}

function decidedIn(outcomes: readonly (Resolved | Blocked)[]): Set<string> {
  return new Set(outcomes.flatMap((each) => ('result' in each ? [...each.result.decided] : [])));
}

async function resolve(request: RecordRequest, state: BatchState): Promise<Resolved> {
  try {
    return { result: await resolveConflicts(request, state) };
  } catch (error) {
    return { error };
  }
}

/**
 * The sensors of a request that another transaction has locked; undefined where there are none. A
 * sensor of another account does not count: the request is refused at once.
 */
function lockedElsewhere(
  { sensorIds, principal }: RecordRequest,
  { lockedElsewhere: others }: LockedSensors,
): number[] | undefined {
  if (others.size === 0) return undefined;
  const own = sensorIds.filter((id) => others.get(id)?.accountId === principal.accountId);
  return own.length > 0 ? own : undefined;
}

/** By the ids of the pings that each request changes; undefined where nothing is traced. */
function traceparentsOf(
  requests: readonly RecordRequest[],
  outcomes: readonly (Resolved | Blocked)[],
): Map<string, string> | undefined {
  if (requests.every(({ traceparent }) => traceparent === undefined)) return undefined;
  const traceparents = new Map<string, string>();
  outcomes.forEach((outcome, index) => {
    const traceparent = requests[index]?.traceparent;
    if (traceparent === undefined || !('result' in outcome)) return;
    const { inserted, corrections } = outcome.result;
    for (const { id } of [...inserted, ...corrections]) traceparents.set(id, traceparent);
  });
  return traceparents;
}

function changesOf(
  outcomes: readonly (Resolved | Blocked)[],
  raised: readonly DuplicateFlag[],
): RecordedChanges {
  const resolutions = outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []));
  const inserted = resolutions.flatMap((resolution) => resolution.inserted);
  // In the order of the primary key, rows go side by side into its pages.
  inserted.sort((a, b) => a.sensorId - b.sensorId || a.datetime.getTime() - b.datetime.getTime());
  return {
    inserted,
    lateInsertions: resolutions.flatMap((resolution) => resolution.lateInsertions),
    corrections: [
      ...resolutions.flatMap((resolution) => resolution.corrections),
      ...raised.map(({ correction }) => correction),
    ],
  };
}
