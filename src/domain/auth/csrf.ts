import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const PART_BYTES = 32;
const COOKIE = /^[\w-]{43}\.[\w-]{43}$/;
const PURPOSE = 'flowgate csrf';

/**
 * A cookie's value: two random parts of 256 bits. The first one stays when the cookie is changed, and the
 * CSRF token is made of it, so that a page that was open before can still send its form.
 * @param before the cookie that this one takes the place of
 */
export function newCookie(before?: string): string {
  const stays = before === undefined ? randomPart() : stablePart(before);
  return `${stays}.${randomPart()}`;
}

/**
 * What a form must send along with the cookie (a signed double submit): only a page that can read
 * this server's answers knows it. Works for the cookie of a visitor who is not signed in as well.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function csrfToken(cookie: string): string {
  return createHmac('sha256', stablePart(cookie)).update(PURPOSE).digest('base64url');
}

/** In constant time; false of anything that is no cookie of `newCookie`. */
export function verifyCsrf(cookie: string | undefined, token: string | undefined): boolean {
  if (cookie === undefined || token === undefined || !COOKIE.test(cookie)) return false;
  const expected = Buffer.from(csrfToken(cookie));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function stablePart(cookie: string): string {
  return cookie.slice(0, cookie.indexOf('.'));
}

function randomPart(): string {
  return randomBytes(PART_BYTES).toString('base64url');
}
