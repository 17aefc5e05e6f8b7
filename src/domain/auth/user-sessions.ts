import type { SessionStore } from '../../storage/accounts/session-store.js';
import type { UserRecord, UserStore } from '../../storage/accounts/user-store.js';
import { auditEntry } from '../shared/audit.js';
import type { Clock } from '../shared/clock.js';
import { NotFoundError } from '../shared/errors.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import { openSessions, type OwnSession } from './own-access.js';

export interface UserSessionsDeps {
  readonly users: Pick<UserStore, 'list'>;
  readonly sessions: Pick<SessionStore, 'listOf' | 'revokeOf'>;
  readonly clock: Clock;
  /** called after access was taken away, so that it ends on this instance at once */
  readonly onRevoked: () => void;
}

/** The sessions of an account's users, for its administrators. Every call needs ADMIN. */
export class UserSessions {
  constructor(private readonly deps: UserSessionsDeps) {}

  /**
   * Those that have not ended, the last used first.
   * @throws NotFoundError where the account has no such user
   */
  async list(principal: Principal, userId: number): Promise<OwnSession[]> {
    const { id } = await this.userOf(principal, userId);
    const { sessions, clock } = this.deps;
    const { actor } = principal;
    const current = actor.kind === 'user' ? actor.sessionId : undefined;
    return openSessions(await sessions.listOf(id), clock(), current);
  }

  /**
   * Ends one within a second.
   * @throws NotFoundError where it is not one of the user's, or has ended
   */
  async end(principal: Principal, userId: number, id: number): Promise<void> {
    const user = await this.userOf(principal, userId);
    const subject = { type: 'USER', id: user.id, name: user.username } as const;
    const event = auditEntry(principal, 'SESSION_ENDED', subject);
    const { sessions, clock, onRevoked } = this.deps;
    const isEnded =
      isRecordId(id) && (await sessions.revokeOf(user.id, { id }, clock(), event)) > 0;
    if (!isEnded) throw new NotFoundError();
    onRevoked();
  }

  private async userOf(principal: Principal, id: number): Promise<UserRecord> {
    requireScope(principal, 'ADMIN');
    const users = await this.deps.users.list(principal.accountId);
    const user = users.find((each) => each.id === id);
    if (!user) throw new NotFoundError();
    return user;
  }
}
