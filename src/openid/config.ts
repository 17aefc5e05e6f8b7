import { z } from 'zod';
import { texts } from '../environment-values.js';

/** An OpenID Connect provider at which users sign in. */
export interface OpenIdConfig {
  readonly issuer: URL;
  /** as people know it */
  readonly name: string;
  readonly clientId: string;
  /** undefined for a public client */
  readonly clientSecret: string | undefined;
  /** separated by spaces */
  readonly scopes: string;
  /** the account of all users, or the claim that names each user's */
  readonly account: { readonly name: string } | { readonly claim: string };
  readonly usernameClaim: string;
  /** undefined: new users are viewers, and roles are changed in Flowgate */
  readonly role: RoleClaim | undefined;
}

export interface RoleClaim {
  readonly claim: string;
  /** one of these makes an administrator */
  readonly adminValues: readonly string[];
  /** one of these makes a viewer; undefined: everybody else is one */
  readonly viewerValues: readonly string[] | undefined;
}

const DEFAULT_SCOPES = 'openid profile email';

/** The variables that set it. */
export const OIDC_VARIABLES = {
  FLOWGATE_OIDC_ISSUER: z
    .string()
    .refine(isIssuer, {
      error: 'must be an https: URL such as https://login.example.com/realms/pipelines',
    })
    .optional(),
  FLOWGATE_OIDC_NAME: z
    .string()
    .max(60, { error: 'must be at most 60 characters long' })
    .optional(),
  FLOWGATE_OIDC_CLIENT_ID: z.string().optional(),
  FLOWGATE_OIDC_CLIENT_SECRET: z.string().optional(),
  FLOWGATE_OIDC_SCOPES: z
    .string()
    .refine((text) => text.split(' ').includes('openid'), {
      error: 'must be scopes, separated by spaces, with openid among them',
    })
    .default(DEFAULT_SCOPES),
  FLOWGATE_OIDC_ACCOUNT: z.string().optional(),
  FLOWGATE_OIDC_ACCOUNT_CLAIM: z.string().optional(),
  FLOWGATE_OIDC_USERNAME_CLAIM: z.string().default('preferred_username'),
  FLOWGATE_OIDC_ROLE_CLAIM: z.string().optional(),
  FLOWGATE_OIDC_ADMIN_VALUES: texts().optional(),
  FLOWGATE_OIDC_VIEWER_VALUES: texts().optional(),
};

type Variables = z.infer<z.ZodObject<typeof OIDC_VARIABLES>>;

/** @returns undefined where no provider is set; what is wrong, where it is not set wholly */
export function openIdConfigOf(data: Variables): OpenIdConfig | string | undefined {
  const { FLOWGATE_OIDC_ISSUER: issuer, FLOWGATE_OIDC_CLIENT_ID: clientId } = data;
  if (issuer === undefined) return undefined;
  if (clientId === undefined) return 'FLOWGATE_OIDC_ISSUER needs FLOWGATE_OIDC_CLIENT_ID';
  const account = accountOf(data);
  if (!account) {
    return 'FLOWGATE_OIDC_ISSUER needs either FLOWGATE_OIDC_ACCOUNT or FLOWGATE_OIDC_ACCOUNT_CLAIM';
  }
  const role = roleOf(data);
  if (typeof role === 'string') return role;
  const url = new URL(issuer);
  return {
    issuer: url,
    name: data.FLOWGATE_OIDC_NAME ?? url.host,
    clientId,
    clientSecret: data.FLOWGATE_OIDC_CLIENT_SECRET,
    scopes: data.FLOWGATE_OIDC_SCOPES,
    account,
    usernameClaim: data.FLOWGATE_OIDC_USERNAME_CLAIM,
    role,
  };
}

function accountOf(data: Variables): OpenIdConfig['account'] | undefined {
  const { FLOWGATE_OIDC_ACCOUNT: name, FLOWGATE_OIDC_ACCOUNT_CLAIM: claim } = data;
  if (name !== undefined) return claim === undefined ? { name } : undefined;
  return claim === undefined ? undefined : { claim };
}

function roleOf(data: Variables): RoleClaim | string | undefined {
  const { FLOWGATE_OIDC_ROLE_CLAIM: claim, FLOWGATE_OIDC_ADMIN_VALUES: adminValues } = data;
  const viewerValues = data.FLOWGATE_OIDC_VIEWER_VALUES;
  if (claim === undefined) {
    return adminValues || viewerValues
      ? 'FLOWGATE_OIDC_ADMIN_VALUES and FLOWGATE_OIDC_VIEWER_VALUES need FLOWGATE_OIDC_ROLE_CLAIM'
      : undefined;
  }
  if (!adminValues) return 'FLOWGATE_OIDC_ROLE_CLAIM needs FLOWGATE_OIDC_ADMIN_VALUES';
  return { claim, adminValues, viewerValues };
}

/** Over a network, only TLS proves who answers. */
function isIssuer(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.search || url.hash || url.username || url.password) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}
