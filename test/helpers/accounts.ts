import type { Domain } from '../../src/composition/domain.js';
import type { Authenticator, AuthenticatorDeps } from '../../src/domain/auth/authenticator.js';
import { systemClock, type Clock, type Stopwatch } from '../../src/domain/shared/clock.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { createTestDomain } from './domain.js';

export type AccountServices = Pick<Domain, 'accounts' | 'users' | 'tokens'>;

/** Accounts, users and tokens as a command has them: another process than every server. */
export function accountServices(database: Database, clock: Clock = systemClock): AccountServices {
  return createTestDomain(database, { clock });
}

/** The authenticator of one server; several on one database act as several instances. */
export function authenticatorOn(
  database: Database,
  { clock = systemClock, ...authentication }: Partial<AuthenticatorDeps> = {},
): Authenticator {
  return createTestDomain(database, { clock, authentication }).authenticator;
}

/** Time that passes only when a test says so. */
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
