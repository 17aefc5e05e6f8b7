import { DomainError } from '../shared/errors.js';

/** What is wrong with a line of an imported file. */
export interface ImportError {
  readonly line: number;
  /** the column's name in the file's header; absent where the fault is of the whole line */
  readonly column?: string | undefined;
  readonly message: string;
  /** the option of the import that would let it pass */
  readonly remedy?: 'CREATE_SENSORS' | 'OVERWRITE' | undefined;
}

/** The file breaks a rule somewhere: nothing of it was loaded. */
export class ImportErrors extends DomainError {
  readonly code = 'BAD_USER_INPUT';
  constructor(
    /** the first ones, by line */
    readonly faults: readonly ImportError[],
    /** of all the faults, also those that are not told */
    readonly count: number,
  ) {
    super(`${count} ${count === 1 ? 'fault' : 'faults'}, nothing loaded.`);
  }
}

const MAX_TOLD = 20;

/** Keeps the first faults and counts all of them. */
export class ImportErrorList {
  private readonly told: ImportError[] = [];
  private count = 0;

  add(fault: ImportError): void {
    if (this.told.length < MAX_TOLD) this.told.push(fault);
    this.count++;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** @throws ImportFaultsError where there are any */
  throwIfAny(): void {
    if (this.count > 0) throw new ImportErrors(this.told, this.count);
  }
}
