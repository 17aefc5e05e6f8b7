import type {
  ImportLogStore,
  ImportRow,
  ImportSensorRow,
} from '../../../storage/transfer/import-log-store.js';
import type {
  ChangedReading,
  ImportUndo,
  ImportUndoStore,
} from '../../../storage/transfer/import-undo-store.js';
import type { PingAdmission } from '../../pings/admission.js';
import type { ReasonCodes } from '../../pings/reason-codes.js';
import { auditEntry } from '../../shared/audit.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../../shared/errors.js';
import { reasonError } from '../../shared/name-rules.js';
import { actorName, requireScope, type Principal } from '../../shared/principal.js';
import { formatTime } from '../../shared/time.js';
import { quote } from './errors.js';

/** Why an import is undone. */
export interface UndoReason {
  readonly reasonCode?: string | undefined;
  readonly comment?: string | undefined;
}

/** What an import has of one sensor. */
export interface LoggedSensor {
  readonly sensorId: number;
  readonly name: string;
  readonly isCreated: boolean;
  readonly readings: number;
  readonly inserted: number;
  readonly corrected: number;
  /** of its first and its last reading */
  readonly start: Date;
  readonly end: Date;
}

/** A file that was loaded. */
export interface LoggedImport {
  readonly id: number;
  readonly importedAt: Date;
  readonly importedBy: string;
  readonly fileName: string | null;
  /** in hexadecimal digits */
  readonly sha256: string | null;
  readonly options: object;
  readonly rows: number;
  readonly readings: number;
  readonly inserted: number;
  readonly duplicates: number;
  readonly corrected: number;
  readonly sensorsCreated: number;
  /** by id, the first 100 */
  readonly sensors: readonly LoggedSensor[];
  readonly undoneAt: Date | null;
  readonly undoneBy: string | null;
  readonly undoneReasonCode: string | null;
  readonly undoneComment: string | null;
}

const LATEST = 2 ** 31 - 1;
const MAX_LISTED = 20;

/** The files that an account has loaded, and their undoing. */
export class ImportLog {
  constructor(
    private readonly store: ImportLogStore,
    private readonly undoStore: ImportUndoStore,
    private readonly admission: Pick<PingAdmission, 'room'>,
    private readonly reasonCodes: ReasonCodes,
    /** called after readings were changed */
    private readonly onChanged: (accountId: number) => void,
  ) {}

  /** The newest first. @param before the id of the last one that is known */
  async list(principal: Principal, limit: number, before = LATEST): Promise<LoggedImport[]> {
    requireScope(principal, 'READ');
    return this.withSensors(principal, await this.store.list(principal, before, limit));
  }

  /** @throws NotFoundError where the account has none of that id */
  async get(principal: Principal, id: number): Promise<LoggedImport> {
    requireScope(principal, 'READ');
    const found = await this.store.find(principal, id);
    if (!found) throw unknown(id);
    return (await this.withSensors(principal, [found]))[0]!;
  }

  /**
   * Removes the readings that an import inserted, and restores those that it replaced; the history
   * keeps all of it. Sensors that it created stay.
   * @throws NotFoundError where the account has none of that id; ConflictError where it was undone
   * before, or one of its readings was changed since; InvalidInputError where the reason is wrong
   */
  async undo(principal: Principal, id: number, reason: UndoReason): Promise<LoggedImport> {
    requireScope(principal, 'ADMIN');
    const message = reasonError(reason.comment);
    if (message) throw InvalidInputError.of('comment', message);
    await this.reasonCodes.require(principal, reason.reasonCode);
    await this.undoStore.transaction((undo) => this.revert(undo, principal, id, reason));
    this.onChanged(principal.accountId);
    return this.get(principal, id);
  }

  private async withSensors(
    principal: Principal,
    rows: readonly ImportRow[],
  ): Promise<LoggedImport[]> {
    const sensors = await this.store.sensors(
      principal,
      rows.map(({ id }) => id),
    );
    return rows.map((row) =>
      importOf(
        row,
        sensors.filter(({ import_id }) => import_id === row.id),
      ),
    );
  }

  private async revert(
    undo: ImportUndo,
    principal: Principal,
    id: number,
    { reasonCode = null, comment = null }: { [Key in keyof UndoReason]: UndoReason[Key] | null },
  ): Promise<void> {
    const { accountId, accountName } = principal;
    const locked = await undo.lock(accountId, id);
    if (!locked) throw unknown(id);
    if (locked.isUndone) throw new ConflictError(`The import ${id} was undone before.`);
    const { readings, total } = await undo.changed(locked, MAX_LISTED);
    if (total > 0) throw changedSince(readings, total);
    const cause = { by: actorName(principal), reasonCode, comment };
    const counts = await undo.revert(locked, cause);
    const account = { type: 'ACCOUNT', id: accountId, name: accountName } as const;
    const event = auditEntry(principal, 'IMPORT_UNDONE', account, { import: id, ...counts });
    const room = await this.admission.room(accountId);
    if (await undo.finish(accountId, locked, cause, event, room)) return;
    throw new ConflictError(
      `Undoing it would queue more webhook deliveries than the account may have waiting; there is room for ${room}. Nothing was undone.`,
    );
  }
}

function importOf(row: ImportRow, sensors: readonly ImportSensorRow[]): LoggedImport {
  const { id, options, rows, readings, inserted, duplicates, corrected, sha256 } = row;
  return {
    ...{ id, options, rows, readings, inserted, duplicates, corrected, sha256 },
    importedAt: new Date(row.imported_at),
    importedBy: row.imported_by,
    fileName: row.file_name,
    sensorsCreated: row.sensors_created,
    sensors: sensors.map(sensorOf),
    undoneAt: row.undone_at === null ? null : new Date(row.undone_at),
    undoneBy: row.undone_by,
    undoneReasonCode: row.undone_reason_code,
    undoneComment: row.undone_comment,
  };
}

function sensorOf(row: ImportSensorRow): LoggedSensor {
  const { sensor_id: sensorId, name, readings, inserted, corrected } = row;
  return {
    ...{ sensorId, name, readings, inserted, corrected },
    isCreated: row.is_created,
    start: new Date(row.first_at),
    end: new Date(row.last_at),
  };
}

function unknown(id: number): NotFoundError {
  return new NotFoundError(`There is no import ${id}.`);
}

function changedSince(readings: readonly ChangedReading[], total: number): ConflictError {
  const listed = readings.map(
    ({ name, at, update_type, revised_by }) =>
      `${quote(name)} at ${formatTime(at)} (${update_type === 'DELETE' ? 'deleted' : 'corrected'} by ${revised_by})`,
  );
  const hidden = total - readings.length;
  const rest = hidden > 0 ? `, and ${hidden} more` : '';
  const what = total === 1 ? 'One reading of it was' : `${total} readings of it were`;
  return new ConflictError(
    `${what} changed since: ${listed.join(', ')}${rest}. Nothing was undone.`,
  );
}
