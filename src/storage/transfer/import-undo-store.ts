import { logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { PingOutbox } from '../pings/ping-outbox.js';
import type { RevisionCause } from '../pings/stored-ping.js';
import type { Database, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import {
  changedSinceImport,
  createRemoved,
  lockImport,
  logRemoved,
  logUndone,
  rejectRemoved,
  removeInserted,
  removeTotalizers,
  sensorsOfImport,
  stageRemoved,
  stageRemovedHours,
  stageReplaced,
} from './sql/undo-import.js';
import type { StagedPings, StagingLock } from './staged-pings.js';
import { CREATE_STAGED } from './staging-writer.js';

/** An import that a transaction has locked, with its sensors. */
export interface LockedImport {
  readonly id: number;
  readonly isUndone: boolean;
  /** around those of its pings */
  readonly pingIds: readonly [string, string];
  /** around those of its revisions */
  readonly revisionIds: readonly [string, string];
  readonly lock: StagingLock;
}

/** A reading of an import that was corrected or deleted since. */
export interface ChangedReading extends Record<string, unknown> {
  readonly sensor_id: number;
  readonly name: string;
  readonly at: number;
  readonly update_type: 'REPLACE' | 'DELETE';
  readonly revised_by: string;
}

export class ImportUndoStore {
  constructor(
    private readonly database: Database,
    private readonly staged: StagedPings,
    private readonly outbox: PingOutbox,
  ) {}

  transaction<T>(work: (undo: ImportUndo) => Promise<T>): Promise<T> {
    return this.database.transfers.transaction((transaction) =>
      work(new ImportUndo(transaction, this.staged, this.outbox)),
    );
  }
}

/** The steps of an undoing in its transaction. */
export class ImportUndo {
  constructor(
    private readonly transaction: Transaction,
    private readonly staged: StagedPings,
    private readonly outbox: PingOutbox,
  ) {}

  /** Locks the import and its sensors; undefined where the account has none of that id. */
  async lock(accountId: number, id: number): Promise<LockedImport | undefined> {
    const [row] = await this.transaction.query<LockRow>(lockImport, [accountId, id]);
    if (!row) return undefined;
    const sensors = await this.transaction.query<{ sensor_id: number }>(sensorsOfImport, [id]);
    const sensorIds = sensors.map(({ sensor_id }) => sensor_id);
    const lock = await this.staged.lock(this.transaction, sensorIds);
    return {
      id,
      isUndone: row.is_undone,
      pingIds: [row.first_ping_id, row.last_ping_id],
      revisionIds: [row.first_revision_id, row.last_revision_id],
      // A file without readings has no sensors, whose lock would have an instant.
      lock: sensorIds.length > 0 ? lock : { ...lock, recordedAt: new Date() },
    };
  }

  /** The first readings that were changed since, and their total number. */
  async changed(
    { id, pingIds, revisionIds }: LockedImport,
    limit: number,
  ): Promise<{ readings: ChangedReading[]; total: number }> {
    const values = [id, ...pingIds, ...revisionIds, limit];
    const rows = await this.transaction.query<ChangedReading & { total: number }>(
      changedSinceImport,
      values,
    );
    return { readings: rows, total: rows[0]?.total ?? 0 };
  }

  /** Puts back what the import replaced, and removes what it inserted. @returns how many of each */
  async revert(
    { id, pingIds, revisionIds, lock }: LockedImport,
    cause: RevisionCause,
  ): Promise<{ restored: number; removed: number }> {
    const { transaction } = this;
    await transaction.client.query(CREATE_STAGED);
    await transaction.query(stageReplaced, [id, ...revisionIds]);
    const restored = await this.staged.correct(transaction, cause, lock, 'totalized');
    await transaction.client.query(createRemoved);
    await transaction.query(stageRemoved, [id, ...pingIds]);
    const { by, reasonCode, comment } = cause;
    const at = instantParameter(lock.recordedAt);
    await transaction.query(logRemoved, [id, ...pingIds, by, reasonCode, comment, at]);
    await transaction.query(rejectRemoved, [id, ...pingIds, by, comment, at]);
    await transaction.query(removeTotalizers, []);
    const [row] = await transaction.query<{ count: number }>(removeInserted, [id, ...pingIds]);
    return {
      restored: [...restored.values()].reduce((total, count) => total + count, 0),
      removed: row?.count ?? 0,
    };
  }

  /**
   * Brings the summaries up to date, fills the outbox and logs the undoing.
   * @param room how many events may be queued; undefined: all
   * @returns whether there was room; otherwise the transaction must be rolled back
   */
  async finish(
    accountId: number,
    { id, lock }: LockedImport,
    { by, reasonCode, comment }: RevisionCause,
    event: AuditEntry,
    room: number | undefined,
  ): Promise<boolean> {
    const { transaction } = this;
    const at = instantParameter(lock.recordedAt);
    await transaction.query(logUndone, [accountId, id, at, by, reasonCode, comment]);
    await logEvent(transaction, event);
    const removed = await this.outbox.enqueueRemoved(transaction, accountId, room);
    if (room !== undefined && removed > room) return false;
    const left = room === undefined ? undefined : room - removed;
    const none = { count: 0, bySensor: undefined, first_id: null, last_id: null };
    return this.staged.finish(transaction, accountId, none, lock, 'totalized', true, left, () =>
      transaction.query(stageRemovedHours, []),
    );
  }
}

interface LockRow extends Record<string, unknown> {
  readonly is_undone: boolean;
  readonly first_ping_id: string;
  readonly last_ping_id: string;
  readonly first_revision_id: string;
  readonly last_revision_id: string;
}
