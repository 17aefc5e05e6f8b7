import { IS_ON_CLUSTER } from '../postgres/cluster-sessions.js';
import { runStatement, type Queryable, type Statement } from '../postgres/statement.js';

/** A place in the write-ahead log of a server: what was committed before it is visible after it. */
export interface Position {
  /** as PostgreSQL writes it, such as `16/B374D848` */
  readonly lsn: string;
  /** counts the servers that were promoted before this one */
  readonly timeline: number;
  /** the identifier that a server has in common with its replicas alone */
  readonly system: string;
}

/** How far a replica is. */
export interface Replayed extends Omit<Position, 'lsn'> {
  readonly lsn: string | null;
  readonly isReplica: boolean;
}

/**
 * A commit is on disk before it is acknowledged or seen, except where the sessions do not wait for
 * the disk. On a cluster there is none, since each node has its own.
 */
const primaryPosition: Statement = {
  name: 'primary_position',
  text: `
    SELECT (CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
                 ELSE pg_current_wal_flush_lsn() END)::text AS lsn,
      ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS timeline,
      (SELECT system_identifier::text FROM pg_control_system()) AS system
    WHERE NOT ${IS_ON_CLUSTER}`,
};

// PostgreSQL reports the timeline of a replica only since its last restart point.
const TIMELINE = `(SELECT greatest(c.timeline_id, r.min_recovery_end_timeline)
  FROM pg_control_checkpoint() c, pg_control_recovery() r)`;
const SYSTEM = `(SELECT system_identifier::text FROM pg_control_system())`;

const replayedPosition: Statement = {
  name: 'replayed_position',
  text: `SELECT pg_is_in_recovery() AS "isReplica", pg_last_wal_replay_lsn()::text AS lsn,
    ${TIMELINE} AS timeline, ${SYSTEM} AS system`,
};

/** $1 pg_lsn, $2 int timeline, $3 text system */
const hasReplayed: Statement = {
  name: 'has_replayed',
  text: `SELECT coalesce(pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= $1::pg_lsn
      AND ${TIMELINE} = $2 AND ${SYSTEM} = $3, false) AS has`,
};

type Connection = Parameters<typeof runStatement>[0];

export async function replayedBy(replica: Connection): Promise<Replayed> {
  const [row] = await runStatement<Replayed & Row>(replica, replayedPosition, []);
  return row!;
}

/** Whether the replica's session sees all that was committed before the position. */
export async function sees(replica: Connection, position: Position): Promise<boolean> {
  const { lsn, timeline, system } = position;
  const [row] = await runStatement<{ has: boolean }>(replica, hasReplayed, [lsn, timeline, system]);
  return row!.has;
}

/** Whether what was replayed includes all that was committed before the position. */
export function includes(replayed: Replayed, position: Position): boolean {
  return (
    replayed.isReplica &&
    replayed.lsn !== null &&
    replayed.system === position.system &&
    replayed.timeline === position.timeline &&
    offsetOf(replayed.lsn) >= offsetOf(position.lsn)
  );
}

/** https://www.postgresql.org/docs/current/datatype-pg-lsn.html */
function offsetOf(lsn: string): bigint {
  const [high = '', low = ''] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

/** Asks the primary for its position, once for all who ask at the same time. */
export class PrimaryPosition {
  private asked: Promise<Position> | undefined;
  private next: Promise<Position> | undefined;

  constructor(private readonly primary: Queryable) {}

  /**
   * A position that the primary has not before this is called: all that was committed by now is
   * before it.
   * @throws where the primary does not answer, or has no position
   */
  now(): Promise<Position> {
    if (!this.asked) return this.ask();
    // The answer to a question that is on its way may be of before.
    this.next ??= this.asked.then(
      () => this.ask(),
      () => this.ask(),
    );
    return this.next;
  }

  private ask(): Promise<Position> {
    this.next = undefined;
    const asked = this.read().finally(() => {
      if (this.asked === asked) this.asked = undefined;
    });
    this.asked = asked;
    return asked;
  }

  private async read(): Promise<Position> {
    const [position] = await this.primary.query<Position & Row>(primaryPosition, []);
    if (!position) throw new Error('replicas of a Citus cluster cannot be used');
    return position;
  }
}

type Row = Record<string, unknown>;
