import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const PART_BYTES = 32;
const COOKIE = /^[\w-]{43}\.[\w-]{43}$/;
const PURPOSE = 'flowgate csrf';

/**
 * A cookie's value: two random parts of 256 bits. The first part stays when the cookie is replaced.
 * The CSRF token is made of it, so that a page that was open before can still send its form.
 * @param before the cookie that this one replaces
 */
export function newCookie(before?: string): string {
  const stays = before === undefined ? randomPart() : stablePart(before);
  return `${stays}.${randomPart()}`;
}

/**
 * What a form must send with the cookie (a signed double submit): only a page that can read this
 * server's responses knows it. The cookie of a visitor who is not signed in has one too.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function csrfToken(cookie: string): string {
  return createHmac('sha256', stablePart(cookie)).update(PURPOSE).digest('base64url');
}

/** In constant time; false where `newCookie` cannot have made the cookie. */
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
