import { call, type Reply } from './server.js';

export const LOGIN = '/app/login';

/** A browser without scripts: it keeps cookies and sends forms. */
export class Visitor {
  readonly cookies = new Map<string, string>();

  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  async get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.keep(await call(this.url, path, { headers: this.with(headers) }));
  }

  async post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(fields).toString();
    const options = { method: 'POST', headers: this.with({ ...type, ...headers }), body };
    return this.keep(await call(this.url, path, options));
  }

  /** Opens the form, fills it in and sends it. */
  async signIn(username: string, password: string, next = ''): Promise<Reply> {
    const form = await this.get(next ? `${LOGIN}?next=${encodeURIComponent(next)}` : LOGIN);
    return this.post(LOGIN, { ...hiddenFields(form.text), username, password });
  }

  /** The token that pages of the app send with their requests. */
  async csrfToken(): Promise<string> {
    const { text } = await this.get('/app/');
    return /name="csrf-token" content="([^"]+)"/.exec(text)?.[1] ?? '';
  }

  private with(headers: Record<string, string>): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { ...this.headers, ...(cookie && { Cookie: cookie }), ...headers };
  }

  private keep(reply: Reply): Reply {
    for (const header of reply.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    return reply;
  }
}

export function hiddenFields(html: string): Record<string, string> {
  const found = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
  return Object.fromEntries([...found].map(([, name, value]) => [name!, unescaped(value!)]));
}

const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function unescaped(html: string): string {
  return html
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(\w+);/g, (whole, name: string) => CHARACTERS[name] ?? whole);
}
