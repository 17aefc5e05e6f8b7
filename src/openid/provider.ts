import type * as OpenId from 'openid-client';
import { isSubject } from '../domain/accounts/provider-user.js';
import { systemClock, type Clock } from '../domain/shared/clock.js';
import { UnavailableError } from '../domain/shared/errors.js';
import { ConcurrencyLimiter } from '../domain/shared/concurrency-limiter.js';
import { HOUR_MS } from '../domain/shared/durations.js';
import type { ProviderIdentity } from '../domain/auth/provider-sign-in.js';
import { causesOf } from './causes.js';
import { isLoopback, type OpenIdConfig } from './config.js';
import { identityOf, neededClaims, valuesOf, type Claims } from './identity.js';

/** What a browser keeps between the beginning of a sign-in and its end. */
export interface SignInAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** The provider did not sign the user in, or its response cannot be trusted. */
export class ProviderRefusal extends Error {
  /** @param code of OAuth, such as `access_denied`, where the provider gave one */
  constructor(
    message: string,
    readonly code?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const TIMEOUT_SECONDS = 10;
const RETRY_AFTER_SECONDS = 10;
// Its endpoints and algorithms change rarely; its keys are read again when one is unknown.
const METADATA_FOR_MS = HOUR_MS;

// Each sign-in waits for another server: no client is to occupy many of them.
const CONCURRENCY = 16;
const MAX_WAITING = 64;
const PER_NETWORK = 4;

/**
 * An OpenID Connect provider, used with the authorization code flow with PKCE, state and nonce.
 * https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
 */
export class OpenIdProvider {
  private discovered: { readonly at: number; readonly found: Promise<Discovered> } | undefined;
  private readonly queue = new ConcurrencyLimiter(CONCURRENCY, MAX_WAITING, PER_NETWORK);

  constructor(
    readonly config: OpenIdConfig,
    private readonly clock: Clock = systemClock,
  ) {}

  /**
   * @param redirectUri where the provider sends the browser back to
   * @param network of the browser
   * @returns where to send the browser, and what it keeps meanwhile
   * @throws UnavailableError where the provider does not answer
   */
  async begin(redirectUri: string, network: string): Promise<{ url: URL; attempt: SignInAttempt }> {
    const { openId, server } = await this.queue.run(() => this.discover(), network);
    const attempt = {
      state: openId.randomState(),
      nonce: openId.randomNonce(),
      codeVerifier: openId.randomPKCECodeVerifier(),
    };
    const url = openId.buildAuthorizationUrl(server, {
      redirect_uri: redirectUri,
      scope: this.config.scopes,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await openId.calculatePKCECodeChallenge(attempt.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { url, attempt };
  }

  /**
   * @param url that the provider sent the browser to
   * @param network of the browser
   * @throws ProviderRefusal; UnavailableError where the provider does not answer
   */
  finish(url: URL, attempt: SignInAttempt, network: string): Promise<ProviderIdentity> {
    return this.queue.run(async () => {
      const { openId, server } = await this.discover();
      try {
        return identityOf(await claimsOf(openId, server, this.config, url, attempt), this.config);
      } catch (error) {
        throw refusalOf(openId, error);
      }
    }, network);
  }

  /**
   * Where a user ends the session at the provider; undefined where it has no such page.
   * https://openid.net/specs/openid-connect-rpinitiated-1_0.html
   * @param back where the provider may send the browser afterwards
   * @throws UnavailableError where the provider does not answer
   */
  async signOutUrl(back: string): Promise<URL | undefined> {
    const { openId, server } = await this.discover();
    if (server.serverMetadata().end_session_endpoint === undefined) return undefined;
    return openId.buildEndSessionUrl(server, { post_logout_redirect_uri: back });
  }

  private async discover(): Promise<Discovered> {
    const now = this.clock().getTime();
    if (!this.discovered || now - this.discovered.at > METADATA_FOR_MS) {
      this.discovered = { at: now, found: discover(this.config) };
    }
    const { found } = this.discovered;
    try {
      return await found;
    } catch (error) {
      if (this.discovered.found === found) this.discovered = undefined;
      throw new UnavailableError(RETRY_AFTER_SECONDS, { cause: error });
    }
  }
}

interface Discovered {
  readonly openId: typeof OpenId;
  readonly server: OpenId.Configuration;
}

/**
 * Reads the provider's metadata.
 * https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export async function discover(config: OpenIdConfig): Promise<Discovered> {
  // Not loaded where no provider is set.
  const openId = await import('openid-client');
  const { issuer, clientId } = config;
  const server = await openId.discovery(issuer, clientId, {}, authentication(openId, config), {
    timeout: TIMEOUT_SECONDS,
    // The signature of an ID token is verified also where it came over TLS.
    execute: [
      openId.enableNonRepudiationChecks,
      // oxlint-disable-next-line typescript/no-deprecated -- it is only marked so to stand out
      ...(isLoopback(issuer) ? [openId.allowInsecureRequests] : []),
    ],
  });
  return { openId, server };
}

/** `client_secret_basic`, which every provider supports that names no other. */
function authentication(openId: typeof OpenId, { clientSecret }: OpenIdConfig): OpenId.ClientAuth {
  if (clientSecret === undefined) return openId.None();
  const basic = openId.ClientSecretBasic(clientSecret);
  const post = openId.ClientSecretPost(clientSecret);
  return (server, ...rest) => {
    const supported = server.token_endpoint_auth_methods_supported;
    const isBasic = supported === undefined || supported.includes('client_secret_basic');
    (isBasic ? basic : post)(server, ...rest);
  };
}

async function claimsOf(
  openId: typeof OpenId,
  server: OpenId.Configuration,
  config: OpenIdConfig,
  url: URL,
  { state, nonce, codeVerifier }: SignInAttempt,
): Promise<Claims> {
  const tokens = await openId.authorizationCodeGrant(server, url, {
    pkceCodeVerifier: codeVerifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims()!;
  if (!isSubject(claims.sub)) throw new ProviderRefusal('sub is not 1 to 255 characters of ASCII');
  const hasAll = neededClaims(config).every((name) => valuesOf(claims, name).length > 0);
  if (hasAll || server.serverMetadata().userinfo_endpoint === undefined) return claims;
  const more = await openId.fetchUserInfo(server, tokens.access_token, claims.sub);
  return { ...more, ...claims };
}

/** An error of the protocol as a refusal; of the network as the provider being unavailable. */
function refusalOf(openId: typeof OpenId, error: unknown): Error {
  if (error instanceof ProviderRefusal) return error;
  if (error instanceof openId.AuthorizationResponseError) {
    return new ProviderRefusal(`the provider responded ${error.error}`, error.error);
  }
  if (error instanceof openId.ResponseBodyError) {
    return error.status >= 500
      ? unavailable(error)
      : new ProviderRefusal(`the provider refused the code: ${error.error}`);
  }
  return isUnreached(error)
    ? unavailable(error)
    : new ProviderRefusal('its response is not valid', undefined, { cause: error });
}

const UNREACHED = ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM'];

function isUnreached(error: unknown): boolean {
  // fetch says no more of a connection that failed.
  return [...causesOf(error)].some(
    ({ message, code = '' }: NodeJS.ErrnoException) =>
      UNREACHED.includes(code) || message === 'fetch failed',
  );
}

function unavailable(cause: unknown): UnavailableError {
  return new UnavailableError(RETRY_AFTER_SECONDS, { cause });
}
