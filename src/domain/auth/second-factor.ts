import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AuditStore } from '../../storage/audit/audit-store.js';
import type { TotpStore, TotpUser } from '../../storage/accounts/totp-store.js';
import type { UserCredential, UserStore } from '../../storage/accounts/user-store.js';
import type { Clock } from '../shared/clock.js';
import { MINUTE_MS } from '../shared/durations.js';
import { UnauthenticatedError } from '../shared/errors.js';
import { isRecordId } from '../shared/record-id.js';
import { sha256 } from '../shared/secrets.js';
import { FailureLimiter, type SharedFailures } from './failure-limiter.js';
import { userEvent, type SessionCookie, type Sessions, type SignInOrigin } from './sessions.js';
import { recoveryCodeOf, totpStep } from './totp-code.js';

/** The password was right that a browser sent; a code is to follow. */
export class ChallengeExpiredError extends UnauthenticatedError {}

const CHALLENGE_MS = 10 * MINUTE_MS;

/** Wrong codes of one user, who has given the right password. */
export const CODE_LIMITS = { name: 'code', points: 5, seconds: 15 * 60 } as const;

export interface SecondFactorDeps {
  readonly users: UserStore;
  readonly totp: TotpStore;
  readonly sessions: Sessions;
  readonly audit: AuditStore;
  readonly clock: Clock;
  readonly failures?: SharedFailures | undefined;
}

/** The one-time passwords (TOTP, RFC 6238) and recovery codes that a sign-in asks for. */
export class SecondFactor {
  private readonly wrong: FailureLimiter;

  constructor(private readonly deps: SecondFactorDeps) {
    this.wrong = new FailureLimiter(CODE_LIMITS, deps.failures);
  }

  /**
   * Proves, for ten minutes and in one browser, that the password was right. Its key is made of the
   * hash of the password and of the TOTP secret: another one ends it.
   * @param browser what only the browser and this server know
   */
  async challenge(user: UserCredential, browser: string): Promise<string> {
    const until = this.deps.clock().getTime() + CHALLENGE_MS;
    const claim = `${user.id}.${until}`;
    return `${claim}.${(await this.sign(user, claim, browser)).toString('base64url')}`;
  }

  /**
   * Signs in with a challenge and a code, a one-time password or a recovery code. Each is good once.
   * @throws ChallengeExpiredError; UnauthenticatedError of a wrong code; RateLimitedError
   */
  async finish(
    challenge: string,
    code: string,
    browser: string,
    origin: SignInOrigin,
  ): Promise<SessionCookie> {
    const user = await this.userOf(challenge, browser);
    const factor = await this.verify(user, code, origin.address);
    const cookie = await this.deps.sessions.begin(user, origin, { factor });
    if (!cookie) throw expired();
    return cookie;
  }

  /**
   * Uses up the code.
   * @returns what it was
   * @throws UnauthenticatedError of a wrong one; RateLimitedError after too many
   */
  async verify(
    user: UserCredential,
    code: string,
    address: string,
  ): Promise<'TOTP' | 'RECOVERY_CODE'> {
    const key = String(user.id);
    // Counted before it is known to be wrong, so that simultaneous guesses do not all pass.
    await this.wrong.consume(key);
    const factor = await this.use({ accountId: user.account.id, id: user.id }, code);
    if (factor) {
      this.wrong.reward(key);
      return factor;
    }
    const event = userEvent('SIGN_IN_FAILED', user, address, { factor: 'TOTP' });
    await this.deps.audit.log(event);
    throw new UnauthenticatedError('That code is not valid.');
  }

  private async use(user: TotpUser, code: string): Promise<'TOTP' | 'RECOVERY_CODE' | undefined> {
    const { totp, clock } = this.deps;
    const recovery = recoveryCodeOf(code);
    if (recovery !== undefined) {
      const isUsed = await totp.useRecoveryCode(user, sha256(recovery), clock());
      return isUsed ? 'RECOVERY_CODE' : undefined;
    }
    const { totpSecret = null } = (await totp.find(user)) ?? {};
    const step = totpSecret === null ? undefined : totpStep(totpSecret, code, clock());
    return step !== undefined && (await totp.useStep(user, step)) ? 'TOTP' : undefined;
  }

  private async userOf(challenge: string, browser: string): Promise<UserCredential> {
    const [, id = '', until = '', mac = ''] = /^(\d+)\.(\d+)\.([\w-]+)$/.exec(challenge) ?? [];
    const isOver = Number(until) <= this.deps.clock().getTime();
    if (isOver || !isRecordId(Number(id))) throw expired();
    const user = await this.deps.users.findCredentialById(Number(id));
    if (!user || user.disabledAt) throw expired();
    const expected = await this.sign(user, `${id}.${until}`, browser);
    const given = Buffer.from(mac, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw expired();
    return user;
  }

  private async sign(user: UserCredential, claim: string, browser: string): Promise<Buffer> {
    const record = await this.deps.totp.find({ accountId: user.account.id, id: user.id });
    const key = JSON.stringify(['second factor', user.passwordHash, record?.totpSecret]);
    return createHmac('sha256', key)
      .update(JSON.stringify([claim, browser]))
      .digest();
  }
}

function expired(): ChallengeExpiredError {
  return new ChallengeExpiredError('The sign-in had expired.');
}
