import type { Reader } from '../../storage/postgres/reader.js';
import { ForbiddenError } from './errors.js';

export const SCOPES = ['READ', 'INGEST', 'ADMIN'] as const;
export type Scope = (typeof SCOPES)[number];

export const ROLES = ['VIEWER', 'ADMIN'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who a request comes from: the account that every statement is scoped to, and what is permitted
 * there. `client` is set where it acts in a request.
 */
export interface Principal extends Reader {
  readonly accountName: string;
  readonly actor:
    | {
        readonly kind: 'user';
        readonly id: number;
        readonly username: string;
        readonly role: Role;
        /** set where the user is signed in to the web pages */
        readonly sessionId?: number;
      }
    | { readonly kind: 'token'; readonly id: number; readonly name: string }
    /** the command line, run by the operator */
    | { readonly kind: 'operator'; readonly osUser?: string };
  /** the IP address of the client of a request */
  readonly address?: string | undefined;
  readonly scopes: ReadonlySet<Scope>;
}

/** Who reads an account in the background, where no request asks. */
export function readerOf(accountId: number): Principal {
  return { accountId, accountName: '', actor: { kind: 'operator' }, scopes: new Set(['READ']) };
}

/** @throws ForbiddenError where the principal lacks the scope; ADMIN includes the others */
export function requireScope(principal: Principal, scope: Scope): void {
  if (!principal.scopes.has(scope) && !principal.scopes.has('ADMIN')) throw new ForbiddenError();
}

/** How the history names the author of a change, e.g. `user:ada`, `token:plc-7`. */
export function actorName({ actor }: Principal): string {
  if (actor.kind === 'user') return `user:${actor.username}`;
  if (actor.kind === 'token') return `token:${actor.name}`;
  return 'operator';
}
