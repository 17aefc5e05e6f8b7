import type { TotpStore, TotpUser } from '../../storage/accounts/totp-store.js';
import type { UserCredential } from '../../storage/accounts/user-store.js';
import { auditEntry } from '../shared/audit.js';
import type { Clock } from '../shared/clock.js';
import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  UnauthenticatedError,
} from '../shared/errors.js';
import type { Principal } from '../shared/principal.js';
import { sha256 } from '../shared/secrets.js';
import type { Authenticator } from './authenticator.js';
import type { SecondFactor } from './second-factor.js';
import { newRecoveryCodes, newTotpSecret, totpStep, totpUri } from './totp-code.js';

/** The second factor of a user. */
export interface TotpState {
  /** since when it is asked for; null: it is not */
  readonly confirmedAt: Date | null;
  readonly recoveryCodesLeft: number;
}

export interface OwnTotpDeps {
  readonly totp: TotpStore;
  readonly authenticator: Authenticator;
  readonly secondFactor: SecondFactor;
  readonly clock: Clock;
}

/**
 * What users do with their own second factor. Every call throws ForbiddenError for a token, which
 * belongs to no user.
 */
export class OwnTotp {
  constructor(private readonly deps: OwnTotpDeps) {}

  async state(principal: Principal): Promise<TotpState> {
    const user = userOf(principal);
    const { totpConfirmedAt = null } = (await this.deps.totp.find(user)) ?? {};
    const recoveryCodesLeft = totpConfirmedAt ? await this.deps.totp.recoveryCodesLeft(user) : 0;
    return { confirmedAt: totpConfirmedAt, recoveryCodesLeft };
  }

  /**
   * A secret for an authenticator app, of which nothing is asked before it is confirmed.
   * @throws InvalidInputError of `currentPassword`; ConflictError where one is confirmed
   */
  async enrol(
    principal: Principal,
    currentPassword: string,
  ): Promise<{ secret: string; uri: string }> {
    const { username } = await this.verifyPassword(principal, currentPassword);
    const secret = newTotpSecret();
    if (!(await this.deps.totp.begin(userOf(principal), secret))) {
      throw new ConflictError('There is a second factor already. Remove it first.');
    }
    return { secret, uri: totpUri(secret, username) };
  }

  /**
   * From now on a code is asked for at sign-in.
   * @returns recovery codes, which cannot be shown again
   * @throws InvalidInputError of `code`; ConflictError where there is nothing to confirm
   */
  async confirm(principal: Principal, code: string): Promise<string[]> {
    const { totp, clock, authenticator } = this.deps;
    const user = userOf(principal);
    const { totpSecret: secret = null, totpConfirmedAt = null } = (await totp.find(user)) ?? {};
    if (secret === null || totpConfirmedAt) {
      throw new ConflictError('There is no second factor to confirm.');
    }
    const now = clock();
    const step = totpStep(secret, code, now);
    if (step === undefined) throw wrongCode();
    const codes = newRecoveryCodes();
    const isConfirmed = await totp.confirm(
      ...([user, { secret, step, now }, codes.map(sha256)] as const),
      auditEntry(principal, 'USER_TOTP_CONFIRMED', { type: 'USER', ...namedUserOf(principal) }),
    );
    if (!isConfirmed) throw new ConflictError('There is no second factor to confirm.');
    authenticator.invalidate();
    return codes;
  }

  /** @throws InvalidInputError of `currentPassword` and `code`; RateLimitedError */
  async remove(principal: Principal, currentPassword: string, code: string): Promise<void> {
    const { totp, secondFactor, authenticator } = this.deps;
    const user = await this.verifyPassword(principal, currentPassword);
    try {
      await secondFactor.verify(user, code, principal.address ?? '');
    } catch (error) {
      if (error instanceof UnauthenticatedError) throw wrongCode();
      throw error;
    }
    await totp.remove(
      userOf(principal),
      auditEntry(principal, 'USER_TOTP_REMOVED', { type: 'USER', ...namedUserOf(principal) }),
    );
    authenticator.invalidate();
  }

  private async verifyPassword(principal: Principal, password: string): Promise<UserCredential> {
    const { name } = namedUserOf(principal);
    try {
      return await this.deps.authenticator.verifyPassword(name, password, {
        address: principal.address ?? '',
      });
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
      throw InvalidInputError.of('currentPassword', 'Must be your current password.');
    }
  }
}

function wrongCode(): InvalidInputError {
  return InvalidInputError.of('code', 'Must be a code that is valid now and was not used.');
}

function userOf(principal: Principal): TotpUser {
  return { accountId: principal.accountId, id: namedUserOf(principal).id };
}

function namedUserOf({ actor }: Principal): { id: number; name: string } {
  if (actor.kind !== 'user') throw new ForbiddenError();
  return { id: actor.id, name: actor.username };
}
