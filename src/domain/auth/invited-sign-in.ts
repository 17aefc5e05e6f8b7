import { isUniqueViolation } from '../../storage/postgres/pg-errors.js';
import type {
  InvitationCredential,
  InvitationStore,
} from '../../storage/accounts/invitation-store.js';
import type { UserStore } from '../../storage/accounts/user-store.js';
import type { Passwords } from '../accounts/passwords.js';
import { newUserErrors } from '../accounts/users.js';
import { networkOf } from '../shared/client-network.js';
import type { Clock } from '../shared/clock.js';
import { InvalidInputError, NotFoundError } from '../shared/errors.js';
import { sha256 } from '../shared/secrets.js';
import type { Origin } from './authenticator.js';
import { FailureLimiter, type SharedFailures } from './failure-limiter.js';
import { userEvent, type SessionCookie, type Sessions, type SignInOrigin } from './sessions.js';

/** Why the code of an invitation is of no use. */
export type InvitationEnd = 'UNKNOWN' | 'USED' | 'REVOKED' | 'EXPIRED';

export class InvitationEndedError extends NotFoundError {
  constructor(readonly reason: InvitationEnd) {
    super('The invitation cannot be accepted.');
  }
}

/** Codes that were of no use, and usernames that were taken, by the client's network. */
export const INVITATION_LIMITS = { name: 'invitation', points: 30, seconds: 60 } as const;

export interface InvitedSignInDeps {
  readonly invitations: InvitationStore;
  readonly users: UserStore;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly failures?: SharedFailures | undefined;
}

/** Makes users of people who were invited by a link, and signs them in. */
export class InvitedSignIn {
  private readonly failed: FailureLimiter;

  constructor(private readonly deps: InvitedSignInDeps) {
    this.failed = new FailureLimiter(INVITATION_LIMITS, deps.failures);
  }

  /**
   * The invitation that a code is of.
   * @throws InvitationEndedError; RateLimitedError where too many were of no use
   */
  find(code: string, { address }: Origin): Promise<InvitationCredential> {
    return this.counted(address, () => this.open(code));
  }

  /**
   * Creates the user and signs them in. The code is good once: of two that accept it together, one
   * does.
   * @throws InvitationEndedError; RateLimitedError; InvalidInputError of `username` and `password`
   */
  accept(
    code: string,
    { username, password }: { readonly username: string; readonly password: string },
    origin: SignInOrigin,
  ): Promise<SessionCookie> {
    return this.counted(origin.address, async () => {
      const invitation = await this.open(code);
      const [error, ...more] = newUserErrors({ username, password });
      if (error) throw new InvalidInputError([error, ...more]);
      const passwordHash = await this.deps.passwords.hash(password);
      await this.create(invitation, { username, passwordHash }, origin);
      const user = await this.deps.users.findCredential(username);
      const cookie = user && (await this.deps.sessions.begin(user, origin));
      // An administrator has disabled or deleted the user meanwhile.
      if (!cookie) throw new InvitationEndedError('USED');
      return cookie;
    });
  }

  private async create(
    invitation: InvitationCredential,
    user: { readonly username: string; readonly passwordHash: string },
    { address }: Origin,
  ): Promise<void> {
    const { account, role, id, invitedBy } = invitation;
    const { username } = user;
    const event = (created: { id: number }) =>
      userEvent('USER_CREATED', { id: created.id, username, account }, address, {
        ...{ role, invitation: id, invitedBy },
      });
    try {
      const { invitations, clock } = this.deps;
      if (await invitations.accept(invitation, user, clock(), event)) return;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const message = `There is a user named ${JSON.stringify(username)} already.`;
      throw InvalidInputError.of('username', message);
    }
    throw new InvitationEndedError('USED');
  }

  private async open(code: string): Promise<InvitationCredential> {
    const invitation = await this.deps.invitations.findCredential(sha256(code));
    if (!invitation) throw new InvitationEndedError('UNKNOWN');
    if (invitation.usedAt) throw new InvitationEndedError('USED');
    if (invitation.revokedAt) throw new InvitationEndedError('REVOKED');
    if (invitation.expiresAt <= this.deps.clock()) throw new InvitationEndedError('EXPIRED');
    return invitation;
  }

  /** Counted before it is known to fail, so that simultaneous guesses do not all pass. */
  private async counted<T>(address: string, work: () => Promise<T>): Promise<T> {
    const network = networkOf(address);
    await this.failed.consume(network);
    const found = await work();
    this.failed.reward(network);
    return found;
  }
}
