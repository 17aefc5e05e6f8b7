import { csrfToken } from '../../session.js';

/** Credentials of a request over HTTP, and of a socket's first message. */
export interface Credential {
  readonly headers: Readonly<Record<string, string>>;
  readonly connectionParams?: Readonly<Record<string, string>>;
  /** whether it is the session, which can end without this page knowing */
  readonly bySession: boolean;
}

export function sessionCredential(): Credential {
  return { headers: { 'X-CSRF-Token': csrfToken() }, bySession: true };
}

export function tokenCredential(key: string): Credential {
  const headers = { Authorization: `Token ${key}` };
  return { headers, connectionParams: headers, bySession: false };
}
