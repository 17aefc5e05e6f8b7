import { Accounts } from '../../src/domain/accounts/accounts.js';
import { Authenticator, type AuthenticatorDeps } from '../../src/domain/auth/authenticator.js';
import { systemClock, type Clock, type Stopwatch } from '../../src/domain/shared/clock.js';
import { Passwords } from '../../src/domain/accounts/passwords.js';
import { Tokens } from '../../src/domain/accounts/tokens.js';
import { Users } from '../../src/domain/accounts/users.js';
import { AccountStore } from '../../src/storage/accounts/account-store.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { SessionStore } from '../../src/storage/accounts/session-store.js';
import { TokenStore } from '../../src/storage/accounts/token-store.js';
import { UserStore } from '../../src/storage/accounts/user-store.js';

export interface AccountServices {
  readonly accounts: Accounts;
  readonly users: Users;
  readonly tokens: Tokens;
}

const nothing = (): void => undefined;

/** Accounts, users and tokens as the command line has them, beside whatever servers there are. */
export function accountServices(database: Database, clock: Clock = systemClock): AccountServices {
  return {
    accounts: new Accounts(new AccountStore(database)),
    users: new Users({
      users: new UserStore(database),
      passwords: new Passwords(),
      clock,
      onRevoked: nothing,
    }),
    tokens: new Tokens({ tokens: new TokenStore(database), clock, onRevoked: nothing }),
  };
}

/** One server's authenticator: several of them on one database are as many instances. */
export function authenticatorOn(
  database: Database,
  parts: Partial<AuthenticatorDeps> = {},
): Authenticator {
  return new Authenticator({
    users: new UserStore(database),
    tokens: new TokenStore(database),
    sessions: new SessionStore(database),
    passwords: new Passwords(),
    ...parts,
  });
}

/** Time that stands still until it is told to pass. */
export class ManualTime {
  private milliseconds = 0;

  constructor(private readonly start: Date = new Date('2026-03-01T12:00:00Z')) {}

  /** what authenticatorOn takes */
  get parts(): { clock: Clock; stopwatch: Stopwatch } {
    return { clock: this.clock, stopwatch: this.stopwatch };
  }

  readonly clock: Clock = () => new Date(this.start.getTime() + this.milliseconds);
  readonly stopwatch: Stopwatch = () => this.milliseconds;

  pass(milliseconds: number): void {
    this.milliseconds += milliseconds;
  }
}
