import { Store } from './store.js';
import { serverAddress } from './server-address.js';

/** Whether the session ended while something is on the page that would be lost by leaving it. */
export const isSignedOut = new Store(false);

/** The token that state-changing requests and all GraphQL requests carry beside the cookie. */
export function csrfToken(): string {
  return csrfElement()?.content ?? '';
}

/** The address of the sign-in form, which leads to `next`: back here unless given. */
export function signInAddress(next = hereAddress()): string {
  return serverAddress(`/app/login?next=${encodeURIComponent(next)}`);
}

function hereAddress(): string {
  const { pathname, search, hash } = window.location;
  return pathname + search + hash;
}

/**
 * To be called when the server no longer accepts the session. Opens the sign-in form, unless the
 * user is in the middle of something: an open dialog stays, with what was typed into it.
 */
export function endSession({
  isBusy = document.querySelector('dialog[open]') !== null,
} = {}): void {
  if (isBusy) isSignedOut.set(true);
  else window.location.assign(signInAddress());
}

/**
 * Continues on this page with a session that was started in another tab; false if there is none.
 */
export async function resumeSession(): Promise<boolean> {
  const response = await fetch(serverAddress('/app/'), { cache: 'no-store' });
  const html = new DOMParser().parseFromString(await response.text(), 'text/html');
  const token = csrfElement(html)?.content;
  const element = csrfElement();
  if (!token || !element) return false;
  element.content = token;
  return true;
}

function csrfElement(of: Document = document): HTMLMetaElement | null {
  return of.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
}
