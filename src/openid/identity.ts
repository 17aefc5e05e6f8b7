import type { ProviderIdentity } from '../domain/auth/provider-sign-in.js';
import type { Role } from '../domain/shared/principal.js';
import type { OpenIdConfig, RoleClaim } from './config.js';

/** Of an ID token and the userinfo endpoint together. */
export type Claims = Readonly<Record<string, unknown>> & {
  readonly iss: string;
  readonly sub: string;
};

/** What a provider says of a user, by the claims that the configuration names. */
export function identityOf(claims: Claims, config: OpenIdConfig): ProviderIdentity {
  const { account, usernameClaim, role } = config;
  return {
    // As the issuer of the configuration is written, and a command may give it.
    issuer: new URL(claims.iss).href,
    subject: claims.sub,
    usernames: [usernameClaim, 'preferred_username', 'email', 'sub'].flatMap((claim) =>
      valuesOf(claims, claim),
    ),
    accounts: 'name' in account ? [account.name] : valuesOf(claims, account.claim),
    role: role && roleOf(valuesOf(claims, role.claim), role),
  };
}

/** The claims without which a user cannot be known from the ID token alone. */
export function neededClaims({ account, usernameClaim, role }: OpenIdConfig): string[] {
  return [
    usernameClaim,
    ...('claim' in account ? [account.claim] : []),
    ...(role ? [role.claim] : []),
  ];
}

/** The texts of a claim, one or a list: at its name, or where the name's dots lead. */
export function valuesOf(claims: Claims, name: string): string[] {
  const value = claims[name] ?? name.split('.').reduce<unknown>(within, claims);
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  return list.filter((each): each is string => typeof each === 'string' && each !== '');
}

function within(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function roleOf(values: readonly string[], role: RoleClaim): Role | 'NONE' {
  const isOneOf = (wanted: readonly string[]) => values.some((value) => wanted.includes(value));
  if (isOneOf(role.adminValues)) return 'ADMIN';
  return role.viewerValues === undefined || isOneOf(role.viewerValues) ? 'VIEWER' : 'NONE';
}
