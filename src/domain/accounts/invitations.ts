import { randomBytes } from 'node:crypto';
import type { InvitationRecord, InvitationStore } from '../../storage/accounts/invitation-store.js';
import { actorOf, auditEntry, type AuditEntry, type AuditEventType } from '../shared/audit.js';
import type { Clock } from '../shared/clock.js';
import { DAY_MS } from '../shared/durations.js';
import {
  fieldErrors,
  InvalidInputError,
  NotFoundError,
  type FieldError,
} from '../shared/errors.js';
import { requireScope, type Principal, type Role } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import { sha256 } from '../shared/secrets.js';
import { usernameError } from './users.js';

export const MAX_INVITATION_DAYS = 30;

const CODE_BYTES = 32;

export interface CreateInvitationInput {
  /** null or absent: VIEWER */
  readonly role?: Role | null | undefined;
  /** that the form proposes; the invited person may choose another one */
  readonly username?: string | null | undefined;
  /** how long it can be accepted, 1 to MAX_INVITATION_DAYS */
  readonly days: number;
}

/** A new invitation with the code of its link, which is not shown again. */
export interface CreatedInvitation extends InvitationRecord {
  readonly code: string;
}

export interface InvitationsDeps {
  readonly invitations: InvitationStore;
  readonly clock: Clock;
}

/** The invitations of an account to people who are to become its users. Every call needs ADMIN. */
export class Invitations {
  constructor(private readonly deps: InvitationsDeps) {}

  /**
   * Only the SHA-256 of the code is kept, as of a token's key.
   * @throws InvalidInputError of `username` and `days`
   */
  async create(principal: Principal, input: CreateInvitationInput): Promise<CreatedInvitation> {
    requireScope(principal, 'ADMIN');
    const [error, ...more] = errorsOf(input);
    if (error) throw new InvalidInputError([error, ...more]);
    const { username = null } = input;
    const role = input.role ?? 'VIEWER';
    const code = randomBytes(CODE_BYTES).toString('base64url');
    const createdAt = this.deps.clock();
    const expiresAt = new Date(createdAt.getTime() + input.days * DAY_MS);
    const { actorName: invitedBy } = actorOf(principal);
    const details = { role, expiresAt: expiresAt.toISOString() };
    const created = await this.deps.invitations.create(
      principal.accountId,
      { hash: sha256(code), username, role, invitedBy, createdAt, expiresAt },
      (invitation) => eventOf(principal, 'INVITATION_CREATED', invitation, details),
    );
    return { ...created, code };
  }

  /** Those that can still be accepted, oldest first. */
  async list(principal: Principal): Promise<InvitationRecord[]> {
    requireScope(principal, 'ADMIN');
    return this.deps.invitations.list(principal.accountId, this.deps.clock());
  }

  /** @throws NotFoundError also where it was accepted or revoked before */
  async revoke(principal: Principal, id: number): Promise<void> {
    requireScope(principal, 'ADMIN');
    const { invitations, clock } = this.deps;
    const isRevoked =
      isRecordId(id) &&
      (await invitations.revoke(principal.accountId, id, clock(), (invitation) =>
        eventOf(principal, 'INVITATION_REVOKED', invitation),
      ));
    if (!isRevoked) throw new NotFoundError();
  }
}

function eventOf(
  principal: Principal,
  type: AuditEventType,
  { id, username }: { readonly id: number; readonly username: string | null },
  details: AuditEntry['details'] = {},
): AuditEntry {
  return auditEntry(principal, type, { type: 'INVITATION', id, name: username }, details);
}

function errorsOf({ username, days }: CreateInvitationInput): FieldError[] {
  return fieldErrors({
    username: typeof username === 'string' ? usernameError(username) : undefined,
    days: daysError(days),
  });
}

function daysError(days: number): string | undefined {
  return Number.isInteger(days) && days >= 1 && days <= MAX_INVITATION_DAYS
    ? undefined
    : `Must be a whole number from 1 to ${MAX_INVITATION_DAYS}, not ${days}.`;
}
