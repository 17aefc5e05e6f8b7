import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import Provider, { type JWK } from 'oidc-provider';
import type { OpenIdConfig } from '../../src/openid/config.js';
import { Visitor } from './visitor.js';

const SECRET = 'a secret of the client, of thirty-two characters';

/** What the provider says of a person besides `sub`. */
export type Person = Readonly<Record<string, unknown>>;

/** A real OpenID Connect provider, which can be away, refuse, and sign ID tokens that are wrong. */
export class TestProvider {
  readonly people = new Map<string, Person>();
  /** the subject of who signs in next; undefined: they are refused */
  user: string | undefined;
  isAway = false;
  /** changes the claims of the ID tokens, which are then signed with `key` */
  change: ((claims: JWTPayload) => JWTPayload) | undefined;
  private key: CryptoKey | undefined;
  private handle: ((request: IncomingMessage, response: ServerResponse) => unknown) | undefined;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      if (this.isAway) request.socket.destroy();
      else void this.handle?.(request, response);
    });
  }

  static async start(): Promise<TestProvider> {
    const provider = new TestProvider();
    await new Promise<void>((resolve) => provider.server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** what a server is configured with to use it */
  config(other: Partial<OpenIdConfig> = {}): OpenIdConfig {
    return {
      issuer: new URL(this.issuer),
      name: 'Pipelines Inc.',
      clientId: 'flowgate',
      clientSecret: SECRET,
      scopes: 'openid profile email',
      account: { claim: 'organization' },
      usernameClaim: 'preferred_username',
      role: {
        claim: 'realm_access.roles',
        adminValues: ['flow-admins'],
        viewerValues: ['flow-viewers'],
      },
      ...other,
    };
  }

  /** Serves as soon as it knows where it may send browsers back to. */
  async register(servers: readonly string[]): Promise<void> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    this.key = privateKey;
    const key = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'one' } as JWK;
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: 'flowgate',
          client_secret: SECRET,
          redirect_uris: servers.map((url) => `${url}/app/login/openid/callback`),
          post_logout_redirect_uris: servers.map((url) => `${url}/app/login`),
        },
      ],
      jwks: { keys: [key] },
      cookies: { keys: ['a key of cookies'] },
      ttl: { AccessToken: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      claims: {
        openid: ['sub'],
        profile: ['preferred_username', 'organization', 'realm_access'],
        email: ['email', 'email_verified'],
      },
      findAccount: (_context, sub) => ({
        accountId: sub,
        claims: () => ({ sub, ...this.people.get(sub) }),
      }),
      loadExistingGrant: async ({ oidc }) => {
        const { clientId } = oidc.client!;
        const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session!.accountId! });
        grant.addOIDCScope('openid profile email');
        await grant.save();
        return grant;
      },
    });
    provider.use(async (context, next) => {
      await next();
      const body = context.body as { id_token?: string } | undefined;
      if (this.change && body?.id_token) {
        body.id_token = await this.signed(this.change(decodeJwt(body.id_token)));
      }
    });
    const callback = provider.callback();
    this.handle = (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return callback(request, response);
      const result = this.user
        ? { login: { accountId: this.user } }
        : { error: 'access_denied', error_description: 'The user did not agree.' };
      return provider.interactionFinished(request, response, result);
    };
  }

  /** From then on ID tokens are signed with a key that nobody knows. */
  async forgeKey(): Promise<() => void> {
    const { key } = this;
    this.key = (await generateKeyPair('RS256')).privateKey;
    this.change = (claims) => claims;
    return () => {
      this.key = key;
      this.change = undefined;
    };
  }

  /**
   * Lets a browser sign in that was sent here.
   * @returns the address that it is sent back to
   */
  async visit(url: string, user: string | undefined): Promise<URL> {
    this.user = user;
    const browser = new Visitor(this.issuer);
    let location = new URL(url);
    while (location.origin === this.issuer) {
      const reply = await browser.get(location.pathname + location.search);
      if (!reply.headers.location) throw new Error(`${reply.status} ${reply.text}`);
      location = new URL(reply.headers.location, this.issuer);
    }
    return location;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private signed(claims: JWTPayload): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(this.key!);
  }
}
