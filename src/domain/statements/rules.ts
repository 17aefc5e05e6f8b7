import type { StatementRow } from '../../storage/statements/statement-store.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import { DAY_MS } from '../shared/durations.js';
import { ConflictError, InvalidInputError } from '../shared/errors.js';
import { reasonError } from '../shared/name-rules.js';
import { formatInstant } from '../shared/time.js';

/** What a statement is to be of. */
export interface IssueInput extends TimeRange {
  readonly sensorIds: readonly number[];
  /** the name of a calendar of the account; undefined: days of UTC, by each sensor's own method */
  readonly calendar?: string | undefined;
  /** the number of the statement that it replaces */
  readonly supersedes?: number | undefined;
  /** why it is issued; required where it replaces one */
  readonly reason?: string | undefined;
}

export const MAX_STATEMENT_SENSORS = 200;
export const MAX_STATEMENT_DAYS = 366;

/** @throws InvalidInputError of the first field that breaks its rule */
export function requirePeriod(
  { sensorIds, start, end, supersedes, reason }: IssueInput,
  now: Date,
): void {
  if (sensorIds.length < 1 || sensorIds.length > MAX_STATEMENT_SENSORS) {
    refuse(
      'sensorIds',
      `Must name 1 to ${MAX_STATEMENT_SENSORS} sensors; got ${sensorIds.length}.`,
    );
  }
  const repeated = sensorIds.find((id, index) => sensorIds.indexOf(id) !== index);
  if (repeated !== undefined)
    refuse('sensorIds', `Must name each sensor once; got ${repeated} twice.`);
  if (!(end > start)) refuse('end', 'Must be after start.');
  if (end > now) {
    refuse(
      'end',
      `Must not be in the future: the server’s clock shows ${formatInstant(now)}; got ${formatInstant(end)}.`,
    );
  }
  const days = (end.getTime() - start.getTime()) / DAY_MS;
  if (days > MAX_STATEMENT_DAYS) {
    refuse('end', `A statement is of at most ${MAX_STATEMENT_DAYS} days; got ${Math.ceil(days)}.`);
  }
  const error = reasonError(reason);
  if (error) refuse('reason', error);
  if (supersedes !== undefined && reason === undefined) {
    refuse('reason', 'Is required where a statement is superseded.');
  }
}

/**
 * The version of a statement that replaces another one, or none.
 * @throws InvalidInputError where there is none of that number; ConflictError where it has been
 * replaced
 */
export function requireReplaceable(
  { supersedes }: IssueInput,
  superseded: StatementRow | undefined,
): number {
  if (supersedes === undefined) return 1;
  if (!superseded) refuse('supersedes', `There is no statement ${supersedes}.`);
  if (superseded.supersededBy !== null) {
    throw new ConflictError(
      `Statement ${supersedes} has been superseded by statement ${superseded.supersededBy}: supersede that one.`,
    );
  }
  return superseded.version + 1;
}

function refuse(field: string, message: string): never {
  throw InvalidInputError.of(field, message);
}
