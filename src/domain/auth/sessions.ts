import type { SessionStore } from '../../storage/accounts/session-store.js';
import {
  SecondFactorRequiredError,
  wrongPassword,
  type Authenticator,
  type Origin,
} from './authenticator.js';
import type { Clock } from '../shared/clock.js';
import type { UserCredential } from '../../storage/accounts/user-store.js';
import { auditEntry, type AuditEntry, type AuditEventType } from '../shared/audit.js';
import { newCookie } from './csrf.js';
import type { Principal } from '../shared/principal.js';
import { sha256 } from '../shared/secrets.js';
import { SESSION, sessionEnd } from './session-lifetime.js';

/** The cookie that the browser is to keep. */
export interface SessionCookie {
  readonly value: string;
  /** when the session ends at the latest */
  readonly expiresAt: Date;
}

const MAX_USER_AGENT = 500;

/** Where a user signs in. */
export interface SignInOrigin extends Origin {
  /** the browser’s User-Agent */
  readonly userAgent?: string | undefined;
}

/** What proved who a user is, besides a password or instead of it. */
export interface SignInMeans {
  /** the OpenID Connect provider at which the user signed in */
  readonly issuer?: string;
  readonly factor?: 'TOTP' | 'RECOVERY_CODE';
}

export interface SessionsDeps {
  readonly sessions: SessionStore;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
}

/**
 * Signs users in to the web pages and out of them. What ends a user's access also ends their
 * sessions.
 */
export class Sessions {
  constructor(private readonly deps: SessionsDeps) {}

  /**
   * @throws what Authenticator.withPassword throws; SecondFactorRequiredError where the password is
   * right and a code is to follow
   */
  async signIn(username: string, password: string, origin: SignInOrigin): Promise<SessionCookie> {
    const user = await this.deps.authenticator.verifyPassword(username, password, origin);
    if (user.totpConfirmedAt) throw new SecondFactorRequiredError(user);
    const cookie = await this.begin(user, origin);
    // If the password was changed meanwhile there is no session, because the change ends all of
    // them.
    if (!cookie) throw wrongPassword();
    return cookie;
  }

  /**
   * Begins a session of a user who has proved who they are.
   * @param by how they did, if not with a password alone
   * @returns undefined if the user was disabled or the password changed since it was looked up
   */
  async begin(
    user: UserCredential,
    origin: SignInOrigin,
    by: SignInMeans = {},
  ): Promise<SessionCookie | undefined> {
    const { sessions, clock } = this.deps;
    const value = newCookie();
    const now = clock();
    const expiresAt = new Date(now.getTime() + SESSION.absolute);
    const session = {
      hash: sha256(value),
      ...{ now, expiresAt },
      address: origin.address,
      userAgent: origin.userAgent?.slice(0, MAX_USER_AGENT) ?? null,
      issuer: by.issuer ?? null,
    };
    const event = userEvent('SIGNED_IN', user, origin.address, { ...by });
    return (await sessions.create(user, session, event)) ? { value, expiresAt } : undefined;
  }

  /**
   * The cookie to use from now on, where it is time to replace it; the previous one is valid for
   * another minute.
   * @returns undefined if the cookie need not be replaced or another request has just replaced it
   */
  async rotate(cookie: string): Promise<SessionCookie | undefined> {
    const { sessions, clock } = this.deps;
    const now = clock();
    const hash = sha256(cookie);
    const session = await sessions.findCredential(hash);
    if (!session || session.revokedAt || sessionEnd(session) <= now) return undefined;
    if (now.getTime() - session.rotatedAt.getTime() < SESSION.rotateAfter) return undefined;
    const value = newCookie(cookie);
    const changed = await sessions.rotate(session.id, hash, sha256(value), now);
    return changed ? { value, expiresAt: session.expiresAt } : undefined;
  }

  /** @returns the OpenID Connect provider at which the user may still be signed in */
  async signOut(cookie: string, { address }: Origin): Promise<string | undefined> {
    const { sessions, clock } = this.deps;
    const ended = await sessions.revoke(sha256(cookie), clock(), ({ user }) =>
      userEvent('SIGNED_OUT', user, address),
    );
    this.deps.authenticator.invalidate();
    return ended?.issuer ?? undefined;
  }

  /** Ends every session of the user, on every device. */
  async signOutEverywhere(principal: Principal): Promise<void> {
    await this.deps.sessions.revokeOf(
      userIdOf(principal),
      {},
      this.deps.clock(),
      auditEntry(principal, 'SIGNED_OUT_EVERYWHERE', { type: 'ACCOUNT', id: principal.accountId }),
    );
    this.deps.authenticator.invalidate();
  }
}

/** An event of something that a user does to their own access. */
export function userEvent(
  type: AuditEventType,
  { id, username, account }: Pick<UserCredential, 'id' | 'username' | 'account'>,
  address: string,
  details: AuditEntry['details'] = {},
): AuditEntry {
  const actor = { actorType: 'USER', actorName: username, address } as const;
  const subject = { subjectType: 'USER', subjectId: String(id), subjectName: username } as const;
  return { accountId: account.id, type, ...actor, ...subject, details };
}

function userIdOf({ actor }: Principal): number {
  if (actor.kind !== 'user') throw new TypeError('Only a user has sessions.');
  return actor.id;
}
