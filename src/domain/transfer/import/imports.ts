import type { ImportStore } from '../../../storage/transfer/import-store.js';
import type { PingAdmission } from '../../pings/admission.js';
import type { Clock } from '../../shared/clock.js';
import type { ReasonCodes } from '../../pings/reason-codes.js';
import { requireScope, type Principal } from '../../shared/principal.js';
import { ImportRun } from './import-run.js';
import type { ImportOptions, ImportResult } from './options.js';

/** Loads CSV files of pings in constant memory, each whole or not at all. */
export class Imports {
  constructor(
    private readonly store: ImportStore,
    private readonly clock: Clock,
    private readonly admission: Pick<PingAdmission, 'room'>,
    /** called after rows were loaded */
    private readonly onLoaded: (accountId: number) => void,
    private readonly reasonCodes: ReasonCodes,
  ) {}

  /**
   * @param text the file, in pieces that may be cut anywhere
   * @param onRows called with the number of rows read so far
   * @throws ImportErrors with lines and columns of the file; nothing was loaded then
   * @throws InvalidInputError where the account does not have the reason code
   * @throws ForbiddenError without the scope INGEST, or ADMIN to overwrite or create sensors
   */
  async run(
    principal: Principal,
    text: AsyncIterable<string>,
    options: ImportOptions,
    onRows: (rows: number) => void = () => undefined,
  ): Promise<ImportResult> {
    requireScope(principal, options.onConflict === 'OVERWRITE' ? 'ADMIN' : 'INGEST');
    if (options.createSensors) requireScope(principal, 'ADMIN');
    await this.reasonCodes.require(principal, options.reasonCode);
    const result = await this.store.transaction(
      principal.accountId,
      (transaction) =>
        new ImportRun(transaction, principal, options, this.clock, this.admission).run(
          text,
          onRows,
        ),
      () => !options.dryRun,
    );
    if (!options.dryRun) this.onLoaded(principal.accountId);
    return result;
  }
}
