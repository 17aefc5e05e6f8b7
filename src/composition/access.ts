import { Accounts } from '../domain/accounts/accounts.js';
import { AuditEvents } from '../domain/accounts/audit-events.js';
import { UserUnits } from '../domain/accounts/display-units.js';
import { Invitations } from '../domain/accounts/invitations.js';
import { Passwords } from '../domain/accounts/passwords.js';
import { Tokens } from '../domain/accounts/tokens.js';
import { Users } from '../domain/accounts/users.js';
import { Authenticator, type AuthenticatorDeps } from '../domain/auth/authenticator.js';
import type { SharedFailures } from '../domain/auth/failure-limiter.js';
import { InvitedSignIn } from '../domain/auth/invited-sign-in.js';
import { KnownNetworks } from '../domain/auth/known-networks.js';
import { LOGIN_LIMITS, LoginThrottle } from '../domain/auth/login-throttle.js';
import { OwnAccess } from '../domain/auth/own-access.js';
import { OwnTotp } from '../domain/auth/own-totp.js';
import { ProviderSignIn } from '../domain/auth/provider-sign-in.js';
import { SecondFactor } from '../domain/auth/second-factor.js';
import { Sessions } from '../domain/auth/sessions.js';
import { UserSessions } from '../domain/auth/user-sessions.js';
import { AccountLog } from '../domain/log/account-log.js';
import type { Clock } from '../domain/shared/clock.js';
import { AccountStore } from '../storage/accounts/account-store.js';
import { InvitationStore } from '../storage/accounts/invitation-store.js';
import { KnownNetworkStore } from '../storage/accounts/known-network-store.js';
import { SessionStore } from '../storage/accounts/session-store.js';
import { TokenStore } from '../storage/accounts/token-store.js';
import { TotpStore } from '../storage/accounts/totp-store.js';
import { UserStore } from '../storage/accounts/user-store.js';
import { AuditStore } from '../storage/audit/audit-store.js';
import { AccountLogStore } from '../storage/log/account-log-store.js';
import type { Database } from '../storage/postgres/database.js';

export interface AccessOptions {
  readonly clock: Clock;
  /** of sign-ins, counted by all instances */
  readonly failures: SharedFailures;
  /** the operating-system user that runs a command, whose changes are logged as theirs */
  readonly osUser?: string;
  readonly authentication?: Partial<Omit<AuthenticatorDeps, 'clock'>> | undefined;
}

/** Builds what knows who may do what: accounts, users, tokens, sessions and ways to sign in. */
export function createAccess(database: Database, options: AccessOptions) {
  const { clock, failures } = options;
  const stores = {
    users: new UserStore(database),
    tokens: new TokenStore(database),
    sessions: new SessionStore(database),
    passwords: new Passwords(),
    audit: new AuditStore(database),
    throttle: new LoginThrottle(
      LOGIN_LIMITS,
      new KnownNetworks(new UserStore(database), new KnownNetworkStore(database), clock),
      failures,
    ),
    ...options.authentication,
  };
  const authenticator = new Authenticator({ ...stores, clock });
  const accounts = new Accounts(new AccountStore(database), options.osUser);
  const sessions = new Sessions({ sessions: stores.sessions, authenticator, clock });
  const totp = new TotpStore(database);
  const secondFactor = new SecondFactor({
    ...{ users: stores.users, totp, sessions, audit: stores.audit, clock, failures },
  });
  const onRevoked = () => authenticator.invalidate();
  const { users, tokens, passwords } = stores;
  const invitations = new InvitationStore(database);
  return {
    authenticator,
    accounts,
    auditEvents: new AuditEvents(stores.audit),
    accountLog: new AccountLog(new AccountLogStore(database)),
    users: new Users({ users, sessions: stores.sessions, totp, passwords, clock, onRevoked }),
    userSessions: new UserSessions({ ...stores, clock, onRevoked }),
    invitations: new Invitations({ invitations, clock }),
    invitedSignIn: new InvitedSignIn({
      ...{ invitations, users, passwords, sessions, clock, failures },
    }),
    secondFactor,
    ownTotp: new OwnTotp({ totp, authenticator, secondFactor, clock }),
    userUnits: new UserUnits(users),
    ownAccess: new OwnAccess({ ...stores, authenticator, clock }),
    tokens: new Tokens({ tokens, clock, onRevoked }),
    sessions,
    providerSignIn: new ProviderSignIn({ users, accounts, audit: stores.audit, sessions }),
  };
}
