import type { ImportStore } from '../../../storage/transfer/import-store.js';
import type { PingAdmission } from '../../pings/admission.js';
import type { Clock } from '../../shared/clock.js';
import type { ReasonCodes } from '../../pings/reason-codes.js';
import { requireScope, type Principal } from '../../shared/principal.js';
import { decodeFile, type DecodingLimits } from './encoding.js';
import { HashedBytes } from './hashed-bytes.js';
import { ImportErrors } from './errors.js';
import { ImportRun } from './import-run.js';
import type { ImportOptions, ImportResult } from './options.js';
import { formatOf, requireSettings, type ImportSettings } from './settings.js';

export interface LoadOptions extends Omit<ImportOptions, 'format' | 'unit' | 'file'> {
  /** how the file is written */
  readonly settings: ImportSettings;
  /** undefined where it was not said */
  readonly fileName?: string | undefined;
}

type ImportRights = Pick<ImportOptions, 'onConflict' | 'createSensors'>;

export interface LoadControl extends DecodingLimits {
  /** called with the number of rows read so far */
  readonly onRows?: (rows: number) => void;
}

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

  /** @throws ForbiddenError where the principal lacks a scope that the options need */
  require(principal: Principal, { onConflict, createSensors }: ImportRights): void {
    requireScope(principal, onConflict === 'OVERWRITE' || createSensors ? 'ADMIN' : 'INGEST');
  }

  /**
   * Loads a file as it is: compressed, in any encoding, or a workbook.
   * @param bytes the file, in pieces that may be cut anywhere
   * @throws what `run` throws; InvalidInputError where a setting is wrong
   */
  async load(
    principal: Principal,
    bytes: AsyncIterable<Uint8Array>,
    { settings, fileName, ...options }: LoadOptions,
    { onRows, ...limits }: LoadControl = {},
  ): Promise<ImportResult> {
    this.require(principal, options);
    requireSettings(settings);
    const { format, encoding, unit } = formatOf(settings);
    const hashed = new HashedBytes(bytes);
    const { text, ...decoded } = await decodeFile(hashed.pieces(), encoding, limits);
    const file = { name: fileName, sha256: () => hashed.digest(), settings };
    try {
      const all = { ...options, unit, file, format: { ...format, ...decoded.format } };
      const result = await this.run(principal, text, all, onRows);
      return { ...result, recognised: [...decoded.recognised, ...result.recognised] };
    } catch (error) {
      throw error instanceof ImportErrors ? error.alsoRecognised(decoded.recognised) : error;
    }
  }

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
    this.require(principal, options);
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
