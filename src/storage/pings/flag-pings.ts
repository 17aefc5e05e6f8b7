import { float8Array, int8Array } from '../postgres/binary-array.js';
import type { Pipeline } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { SensorCheck } from '../sensors/checks.js';
import { checkPings, insertFlags, markUncertain, resolveCorrected } from './sql/check-pings.js';
import type { LateInsertion, PingCorrection, PingKey, StoredPing } from './stored-ping.js';
import { columns } from './write-changes.js';

/** Why a reading failed a check. */
export interface Finding {
  readonly check: SensorCheck;
  /** the limit that it breaks: bbl/d, bbl/d a minute, or a number of readings; null: it has none */
  readonly limit: number | null;
  /** bbl/d: the flowrate that it was compared with */
  readonly reference: number | null;
}

/** A good ping that a transaction inserts or corrects, and that is to be checked. */
export interface CheckedPing extends PingKey {
  /** bbl/d: what was stored before; null of a new one */
  readonly replaced: number | null;
}

/** The flag of a ping that a transaction makes uncertain. */
export interface RaisedFlag extends PingKey {
  readonly id: string;
  readonly flowrate: number;
  readonly findings: readonly Finding[];
}

interface Changes {
  readonly inserted: readonly StoredPing[];
  readonly lateInsertions: readonly LateInsertion[];
  readonly corrections: readonly PingCorrection[];
}

interface FailingRow {
  readonly sensor_id: number;
  readonly at: number;
  readonly id: string;
  readonly flowrate: number;
  readonly findings: readonly Finding[];
}

/**
 * Flags those of a transaction's pings, which it has written, that fail checks, and makes them
 * uncertain.
 * @returns their ids
 */
export async function flagFailing(
  transaction: Pipeline,
  checked: readonly CheckedPing[],
  at: Date,
): Promise<string[]> {
  const rows = await transaction.query<FailingRow & Record<string, unknown>>(checkPings, [
    ...columns(checked),
    checked.map(({ replaced }) => replaced),
  ]);
  if (rows.length === 0) return [];
  const failing = rows.map((row): RaisedFlag => {
    const { sensor_id: sensorId, id, flowrate, findings } = row;
    return { sensorId, datetime: new Date(row.at), id, flowrate, findings };
  });
  transaction.send(markUncertain, columns(failing));
  raiseFlags(transaction, failing, at);
  return failing.map(({ id }) => id);
}

export function raiseFlags(transaction: Pipeline, flags: readonly RaisedFlag[], at: Date): void {
  transaction.send(insertFlags, [
    ...columns(flags),
    int8Array(flags.map(({ id }) => id)),
    float8Array(flags.map(({ flowrate }) => flowrate)),
    flags.map(({ findings }) => JSON.stringify(findings)),
    instantParameter(at),
  ]);
}

/**
 * Changes whose pings fail checks, as they are written. A ping that is corrected in the transaction
 * that inserts it fails as it is corrected last.
 */
export function asUncertain(changes: Changes, failing: ReadonlySet<string>): Changes {
  if (failing.size === 0) return changes;
  const { inserted, lateInsertions, corrections } = changes;
  const last = new Map(corrections.map((each) => [each.id, each]));
  const failed = <Ping extends StoredPing>(ping: Ping, isLast: boolean): Ping =>
    isLast && failing.has(ping.id) ? { ...ping, quality: 'UNCERTAIN' } : ping;
  return {
    inserted: inserted.map((ping) => failed(ping, !last.has(ping.id))),
    lateInsertions: lateInsertions.map((ping) => failed(ping, !last.has(ping.id))),
    corrections: corrections.map((ping) => failed(ping, last.get(ping.id) === ping)),
  };
}

/** Resolves the open flags of pings that a transaction corrects. */
export function resolveFlagsOf(
  transaction: Pipeline,
  corrections: readonly PingCorrection[],
  at: Date,
): void {
  const settled = corrections.filter(({ quality, flowrate, previousFlowrate }) => {
    return quality !== 'UNCERTAIN' || flowrate !== previousFlowrate;
  });
  if (settled.length === 0) return;
  transaction.send(resolveCorrected, [
    ...columns(settled),
    settled.map(({ quality, flowrate, previousFlowrate }) =>
      quality === 'GOOD' && flowrate === previousFlowrate ? 'ACCEPTED' : 'REJECTED',
    ),
    settled.map(({ by }) => by),
    settled.map(({ comment }) => comment),
    instantParameter(at),
  ]);
}
