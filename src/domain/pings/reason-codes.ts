import type { ReasonCodeStore } from '../../storage/pings/reason-code-store.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../shared/errors.js';
import { nameError } from '../shared/name-rules.js';
import { requireScope, type Principal } from '../shared/principal.js';

/** Why the history of a sensor's pings was changed. */
export interface ReasonCode {
  readonly code: string;
  readonly description: string;
  /** whether the account has added it to the common ones */
  readonly isCustom: boolean;
}

/** The reason code of a late insertion for which none was given. */
export const LATE_DATA = 'LATE_DATA';

/** The reason code of what a sync copies. */
export const UPSTREAM = 'UPSTREAM';

/**
 * The codes of every account: what API MPMS 21.1 and 43 CFR 3175 have an audit trail explain, in
 * the terms of the quality flags of Green Button (NAESB ESPI).
 */
const COMMON_CODES: readonly ReasonCode[] = Object.entries({
  METER_ERROR: 'The meter read wrongly, or failed.',
  CALIBRATION: 'The meter was calibrated or verified, or a reading was taken meanwhile.',
  COMMUNICATION_FAILURE: 'Readings were lost or damaged on their way.',
  POWER_FAILURE: 'The device was without power.',
  CLOCK_ERROR: 'The device’s clock was wrong.',
  CONFIGURATION_ERROR: 'A unit, a scale or another setting of the device was wrong.',
  MAINTENANCE: 'The line or the device was being worked on.',
  DATA_ENTRY: 'A person or a program recorded a wrong value.',
  ESTIMATION: 'An estimate was recorded, or replaced by a reading.',
  LATE_DATA: 'Readings arrived late.',
  UPSTREAM: 'The server that the readings are copied from has changed them.',
  OTHER: 'Another reason, which the comment gives.',
}).map(([code, description]) => ({ code, description, isCustom: false }));

const MAX_CODES = 100;
const MAX_DESCRIPTION = 200;

/** The closed list of reason codes of an account: the common ones, and those that it has added. */
export class ReasonCodes {
  constructor(private readonly store: ReasonCodeStore) {}

  /** The common ones first, then the account's own by code. */
  async list(principal: Principal): Promise<ReasonCode[]> {
    requireScope(principal, 'READ');
    return [...COMMON_CODES, ...(await this.own(principal))];
  }

  /** @throws InvalidInputError where the account does not have the code */
  async require(principal: Principal, code: string | undefined): Promise<void> {
    if (code === undefined || isCommon(code)) return;
    const own = await this.own(principal);
    if (own.some((each) => each.code === code)) return;
    const known = [...COMMON_CODES, ...own].map((each) => each.code);
    throw InvalidInputError.of(
      'reasonCode',
      `Must be one of the account’s reason codes, ${known.join(', ')}; got ${quoted(code)}.`,
    );
  }

  /**
   * Adds a code to those of the account.
   * @throws InvalidInputError; ConflictError where the code exists
   */
  async add(principal: Principal, code: string, description: string): Promise<ReasonCode> {
    requireScope(principal, 'ADMIN');
    if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(code)) {
      throw InvalidInputError.of(
        'code',
        `Must be 1 to 64 letters A to Z, digits and underscores, and begin with a letter; got ${quoted(code)}.`,
      );
    }
    const error = nameError(description, MAX_DESCRIPTION);
    if (error) throw InvalidInputError.of('description', error);
    const added =
      !isCommon(code) && (await this.store.add(principal.accountId, code, description, MAX_CODES));
    if (!added) {
      throw new ConflictError(
        `The account has the reason code ${code} already, or ${MAX_CODES} of its own, which is the maximum.`,
      );
    }
    return { code, description, isCustom: true };
  }

  /**
   * Removes one of the account's own codes from those that can be given. Revisions keep it.
   * @throws NotFoundError where the account has not added it
   */
  async remove(principal: Principal, code: string): Promise<void> {
    requireScope(principal, 'ADMIN');
    if (!(await this.store.remove(principal.accountId, code))) throw new NotFoundError();
  }

  private async own(principal: Principal): Promise<ReasonCode[]> {
    const codes = await this.store.list(principal);
    return codes.map(({ code, description }) => ({ code, description, isCustom: true }));
  }
}

function isCommon(code: string): boolean {
  return COMMON_CODES.some((each) => each.code === code);
}

const MAX_QUOTED = 100;

function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}
