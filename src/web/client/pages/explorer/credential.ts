import { csrfToken } from '../../session.js';

/** Credentials of a request over HTTP, and of a socket's first message. */
export interface Credential {
  readonly headers: () => Readonly<Record<string, string>>;
  readonly connectionParams?: Readonly<Record<string, string>>;
  /** called when the server no longer accepts them */
  readonly onRefused?: () => void;
}

/** The session, which can end without this page knowing. */
export function sessionCredential(onRefused: () => void): Credential {
  return { headers: () => ({ 'X-CSRF-Token': csrfToken() }), onRefused };
}

export function tokenCredential(key: string): Credential {
  const headers = { Authorization: `Token ${key}` };
  return { headers: () => headers, connectionParams: headers };
}
