import { createServerWorld, type Reply, type ServerOptions, type World } from './server.js';
import { TestProvider } from './openid.js';
import { LOGIN, Visitor } from './visitor.js';

export const LOCAL = { username: 'root', password: 'a right password' };

/** A server whose users sign in at a provider, and a local administrator. */
export class OpenIdWorld {
  /** a browser that is not signed in; tests replace it */
  visitor: Visitor;

  private constructor(
    readonly provider: TestProvider,
    readonly world: World,
  ) {
    this.visitor = this.newVisitor();
  }

  /** @param others more servers that the provider may send browsers back to */
  static async create(options: ServerOptions = {}, others: string[] = []): Promise<OpenIdWorld> {
    const provider = await TestProvider.start();
    const world = await createServerWorld({ openId: provider.config(), ...options });
    await provider.register([world.server.url, ...others]);
    const { users } = world.server.services;
    await users.create(world.ours.principal, { ...LOCAL, role: 'ADMIN' });
    const created = new OpenIdWorld(provider, world);
    created.person('alice', { realm_access: { roles: ['flow-admins'] } });
    return created;
  }

  /** Another browser. */
  newVisitor(): Visitor {
    this.visitor = new Visitor(this.world.server.url);
    return this.visitor;
  }

  /** Someone whom the provider knows, by default a viewer of `ours`. */
  person(name: string, claims: object = {}): void {
    this.provider.people.set(`sub-${name}`, {
      preferred_username: name,
      organization: 'ours',
      realm_access: { roles: ['flow-viewers'] },
      ...claims,
    });
  }

  /**
   * Follows the link of the sign-in page.
   * @param name undefined: the provider refuses them
   * @returns the address that the provider sends the browser back to
   */
  async visitProvider(name: string | undefined, next = ''): Promise<string> {
    const query = next && `?next=${encodeURIComponent(next)}`;
    const { text } = await this.visitor.get(LOGIN + query);
    const link = /href="([^"]*\/login\/openid\?[^"]*)"/.exec(text)![1]!;
    const { headers } = await this.visitor.get(link.replaceAll('&amp;', '&'));
    const back = await this.provider.visit(headers.location!, name && `sub-${name}`);
    return back.pathname + back.search;
  }

  async signIn(name: string | undefined, next?: string): Promise<Reply> {
    return this.visitor.get(await this.visitProvider(name, next));
  }

  get isSignedIn(): boolean {
    return this.visitor.cookies.has('flowgate_session');
  }

  async close(): Promise<void> {
    await this.world.close();
    await this.provider.close();
  }
}
