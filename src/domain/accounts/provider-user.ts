import type { ProviderUser } from '../../storage/accounts/user-store.js';
import { InvalidInputError } from '../shared/errors.js';

// https://openid.net/specs/openid-connect-core-1_0.html#IDToken
const SUBJECT = /^[ -~]{1,255}$/;

/** Whether a text can be the `sub` of an OpenID Connect provider. */
export function isSubject(text: string): boolean {
  return SUBJECT.test(text);
}

/**
 * A user of an OpenID Connect provider, the issuer as it is stored: `https://login.example.com/`.
 * @throws InvalidInputError of `issuer` and `subject`
 */
export function providerUser(issuer: string, subject: string): ProviderUser {
  if (!URL.canParse(issuer)) throw InvalidInputError.of('issuer', 'Must be a URL.');
  if (!isSubject(subject)) {
    throw InvalidInputError.of('subject', 'Must be 1 to 255 characters of ASCII.');
  }
  return { issuer: new URL(issuer).href, subject };
}
