import { DomainError } from '../../shared/errors.js';
import type { ImportResult } from './options.js';

/** The options of an import that can let a refused file pass. */
export type ImportOptionName =
  | 'columns'
  | 'createSensors'
  | 'dateFormat'
  | 'decimal'
  | 'delimiter'
  | 'encoding'
  | 'nullValues'
  | 'onConflict'
  | 'skipEmpty'
  | 'timeZone'
  | 'unit'
  | 'where'
  | 'wide';

/** An option, and its value where the file shows which one it needs. */
export interface ImportRemedy {
  readonly option: ImportOptionName;
  readonly value?: string;
}

/** An error in a line of an imported file. */
export interface ImportError {
  /** absent where the error is of the whole file */
  readonly line?: number;
  /** the column's name in the file's header; absent where the error is of the whole line */
  readonly column?: string | undefined;
  /** a whole sentence */
  readonly message: string;
  readonly remedies?: readonly ImportRemedy[];
}

/** What is known of a file that is refused. */
export type Understood = Pick<
  ImportResult,
  'rows' | 'recognised' | 'header' | 'columns' | 'wide' | 'unreadColumns' | 'assumedUtc' | 'preview'
>;

/** What would become of the readings of a file that is refused because some differ from stored ones. */
export type ConflictingChanges = Pick<ImportResult, 'readings' | 'inserted' | 'sensors'>;

/** The file breaks a rule: nothing of it was loaded. */
export class ImportErrors extends DomainError {
  readonly code = 'BAD_USER_INPUT';
  constructor(
    /** the first errors, by line */
    readonly errors: readonly ImportError[],
    /** of all errors, also those that are not listed */
    readonly count: number,
    /** how the file was understood up to there; absent where it has no header */
    readonly understood?: Understood,
    /** present where readings differ from stored ones */
    readonly changes?: ConflictingChanges,
  ) {
    super(`${count} ${count === 1 ? 'error' : 'errors'}; nothing was loaded.`);
  }

  /** The same, with what else was recognised of the file. */
  alsoRecognised(phrases: readonly string[]): ImportErrors {
    const { errors, count, understood, changes } = this;
    if (!understood) return this;
    const recognised = [...phrases, ...understood.recognised];
    return new ImportErrors(errors, count, { ...understood, recognised }, changes);
  }

  static of(error: ImportError): ImportErrors {
    return new ImportErrors([error], 1);
  }
}

const MAX_LISTED = 20;

/** Keeps the first errors and counts all of them. */
export class ImportErrorList {
  private readonly listed: ImportError[] = [];
  private count = 0;

  add(error: ImportError): void {
    if (this.listed.length < MAX_LISTED) this.listed.push(error);
    this.count++;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** @throws ImportErrors where there are any */
  throwIfAny(): void {
    if (this.count > 0) throw new ImportErrors(this.listed, this.count);
  }
}

const MAX_QUOTED = 60;

/** A value of the file as a message quotes it. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}
