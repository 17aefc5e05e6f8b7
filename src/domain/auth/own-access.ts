import type { SessionRecord, SessionStore } from '../../storage/accounts/session-store.js';
import type { UserStore } from '../../storage/accounts/user-store.js';
import { NO_PASSWORD, type Passwords } from '../accounts/passwords.js';
import { passwordError } from '../accounts/users.js';
import { auditEntry, type AuditEntry, type AuditEventType } from '../shared/audit.js';
import type { Clock } from '../shared/clock.js';
import {
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  UnauthenticatedError,
} from '../shared/errors.js';
import type { Principal } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import type { Authenticator } from './authenticator.js';
import { sessionEnd } from './session-lifetime.js';

/** A browser that the user is signed in with. */
export interface OwnSession {
  readonly id: number;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  /** unless it is used again */
  readonly endsAt: Date;
  /** the client's IP address at signing in; null for sessions that began before it was kept */
  readonly address: string | null;
  readonly userAgent: string | null;
  /** whether the request itself belongs to it */
  readonly isCurrent: boolean;
}

export interface OwnAccessDeps {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly passwords: Passwords;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
}

/**
 * What users see and change of their own access. Every call but `hasPassword` throws ForbiddenError
 * for a token, which belongs to no user.
 */
export class OwnAccess {
  constructor(private readonly deps: OwnAccessDeps) {}

  /** Those that have not ended, the last used first. */
  async listSessions(principal: Principal): Promise<OwnSession[]> {
    const { id, sessionId } = userOf(principal);
    return openSessions(await this.deps.sessions.listOf(id), this.deps.clock(), sessionId);
  }

  /** @throws NotFoundError where it is not one of the user's, or has ended */
  async endSession(principal: Principal, id: number): Promise<void> {
    const user = userOf(principal);
    const isEnded = isRecordId(id) && (await this.end(principal, user.id, { id }, 'SESSION_ENDED'));
    if (!isEnded) throw new NotFoundError();
  }

  /** Ends all sessions but the one that asks. @returns their number */
  endOtherSessions(principal: Principal): Promise<number> {
    const { id, sessionId } = userOf(principal);
    const which = sessionId === undefined ? {} : { id: { not: sessionId } };
    return this.end(principal, id, which, 'OTHER_SESSIONS_ENDED');
  }

  /** False for a token. */
  async hasPassword({ actor }: Principal): Promise<boolean> {
    if (actor.kind !== 'user') return false;
    const user = await this.deps.users.findCredential(actor.username);
    return user !== null && user.passwordHash !== NO_PASSWORD;
  }

  /**
   * Ends the user's other sessions too.
   * @throws InvalidInputError of `currentPassword` and `newPassword`; RateLimitedError where too many
   * wrong ones came
   */
  async changePassword(principal: Principal, current: string, next: string): Promise<void> {
    const { username, sessionId } = userOf(principal);
    const error = passwordError(next);
    if (error) throw InvalidInputError.of('newPassword', error);
    const { authenticator, passwords, users, clock } = this.deps;
    try {
      await authenticator.verifyPassword(username, current, { address: principal.address ?? '' });
    } catch (failure) {
      if (!(failure instanceof UnauthenticatedError)) throw failure;
      throw InvalidInputError.of('currentPassword', 'Must be your current password.');
    }
    const isChanged = await users.setPassword(
      ...([principal.accountId, username, await passwords.hash(next), clock()] as const),
      ownEvent(principal, 'USER_PASSWORD_CHANGED'),
      sessionId,
    );
    if (!isChanged) throw new NotFoundError();
    authenticator.invalidate();
  }

  private async end(
    principal: Principal,
    userId: number,
    which: Parameters<SessionStore['revokeOf']>[1],
    event: AuditEventType,
  ): Promise<number> {
    const { sessions, clock, authenticator } = this.deps;
    const count = await sessions.revokeOf(userId, which, clock(), ownEvent(principal, event)());
    authenticator.invalidate();
    return count;
  }
}

function userOf({ actor }: Principal) {
  if (actor.kind !== 'user') throw new ForbiddenError();
  return actor;
}

function ownEvent(principal: Principal, event: AuditEventType): () => AuditEntry {
  const { id, username } = userOf(principal);
  return () => auditEntry(principal, event, { type: 'USER', id, name: username });
}

/** Those of a user's sessions that have not ended of themselves. */
export function openSessions(
  sessions: readonly SessionRecord[],
  now: Date,
  currentId: number | undefined,
): OwnSession[] {
  return sessions
    .map(({ expiresAt, ...session }) => ({
      ...session,
      endsAt: sessionEnd({ ...session, expiresAt }),
      isCurrent: session.id === currentId,
    }))
    .filter(({ endsAt }) => endsAt > now);
}
