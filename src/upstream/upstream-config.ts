import { z } from 'zod';

/** A server that speaks the documented API, and the account that its sensors are copied to. */
export interface UpstreamConfig {
  /** what it is called where its state is reported */
  readonly name: string;
  readonly url: URL;
  readonly token: string;
  readonly account: string;
  /** what its webhook has as `FC-Signature`; undefined: none is accepted */
  readonly secret: string | undefined;
  readonly pollMs: number;
}

/** The variables that set one, or name the file that sets several. */
export const UPSTREAM_VARIABLES = {
  FLOWGATE_UPSTREAM_URL: z.string().refine(isUpstream, { error: urlRule() }).optional(),
  FLOWGATE_UPSTREAM_TOKEN: z.string().optional(),
  FLOWGATE_UPSTREAM_ACCOUNT: z.string().optional(),
  FLOWGATE_UPSTREAM_SECRET: z.string().optional(),
  FLOWGATE_UPSTREAMS_FILE: z.string().optional(),
};

type Variables = z.infer<z.ZodObject<typeof UPSTREAM_VARIABLES>>;

const DEFAULT_NAME = 'upstream';

/**
 * @param readText reads a file; its error says why it cannot
 * @returns none where no upstream is set; what is wrong, where one is not set wholly
 */
export function upstreamConfigsOf(
  data: Variables & { readonly FLOWGATE_UPSTREAM_POLL: number },
  readText: (file: string) => string,
): readonly UpstreamConfig[] | string {
  const { FLOWGATE_UPSTREAM_URL: url, FLOWGATE_UPSTREAM_TOKEN: token } = data;
  const { FLOWGATE_UPSTREAM_ACCOUNT: account, FLOWGATE_UPSTREAM_SECRET: secret } = data;
  const { FLOWGATE_UPSTREAMS_FILE: file } = data;
  if (file !== undefined) {
    if (url !== undefined) return 'Set FLOWGATE_UPSTREAM_URL or FLOWGATE_UPSTREAMS_FILE, not both.';
    return upstreamsIn(file, data.FLOWGATE_UPSTREAM_POLL, readText);
  }
  if (url === undefined) return [];
  if (token === undefined || account === undefined) {
    return 'FLOWGATE_UPSTREAM_URL needs FLOWGATE_UPSTREAM_TOKEN and FLOWGATE_UPSTREAM_ACCOUNT';
  }
  const pollMs = data.FLOWGATE_UPSTREAM_POLL * 1000;
  return [{ name: DEFAULT_NAME, url: new URL(url), token, account, secret, pollMs }];
}

/** Identifies an upstream: its URL as far as the documented paths begin. */
export function upstreamAddress({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
}

const ENTRY = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits or any of . _ -'),
  url: z.string().refine(isUpstream, { error: urlRule() }),
  account: z.string().min(1),
  token: z.string().min(1).optional(),
  token_file: z.string().min(1).optional(),
  secret: z.string().min(1).optional(),
  secret_file: z.string().min(1).optional(),
  poll: z.number().int().min(1).max(86_400).optional(),
});
const ENTRIES = z.array(ENTRY).max(100);

type Entry = z.infer<typeof ENTRY>;

/** The errors name entries and keys, never a value: it may be a secret. */
function upstreamsIn(
  file: string,
  pollSeconds: number,
  readText: (file: string) => string,
): UpstreamConfig[] | string {
  const wrong = (message: string) => `FLOWGATE_UPSTREAMS_FILE ${file}: ${message}`;
  let entries: unknown;
  try {
    entries = JSON.parse(readText(file));
  } catch (error) {
    if (!(error instanceof SyntaxError)) return wrong((error as Error).message);
    return wrong('must be JSON, an array of upstreams.');
  }
  const { success, data, error } = ENTRIES.safeParse(entries);
  if (!success) {
    const errors = error.issues.map(({ path, message }) => `${placeOf(entries, path)}: ${message}`);
    return wrong(errors.join('; '));
  }
  try {
    const upstreams = data.map((entry) => upstreamOf(entry, pollSeconds, readText));
    const repeated = repetitionIn(upstreams);
    return repeated === undefined ? upstreams : wrong(repeated);
  } catch (failure) {
    return wrong((failure as Error).message);
  }
}

/** @throws Error where a secret is not given, or given twice, or its file cannot be read */
function upstreamOf(
  entry: Entry,
  pollSeconds: number,
  readText: (file: string) => string,
): UpstreamConfig {
  const { name, url, account, poll = pollSeconds } = entry;
  const secretOf = (key: 'token' | 'secret') => {
    const { [key]: value, [`${key}_file` as const]: file } = entry;
    if (value !== undefined && file !== undefined) {
      throw new Error(`${name}: must have ${key} or ${key}_file, not both.`);
    }
    if (value !== undefined || file === undefined) return value;
    const text = readText(file).trim();
    if (text === '') throw new Error(`${name}: ${key}_file ${file} is empty.`);
    return text;
  };
  const token = secretOf('token');
  if (token === undefined) throw new Error(`${name}: must have token or token_file.`);
  const secret = secretOf('secret');
  return { name, url: new URL(url), account, token, secret, pollMs: poll * 1000 };
}

/** What two upstreams must not share: the sensors of one address in an account are the same ones. */
function repetitionIn(upstreams: readonly UpstreamConfig[]): string | undefined {
  const rules = [
    { of: ({ name }: UpstreamConfig) => name, rule: 'the same name' },
    {
      of: ({ url, account }: UpstreamConfig) => `${upstreamAddress(url)}\n${account}`,
      rule: 'the same url and account',
    },
    {
      of: ({ secret }: UpstreamConfig) => secret,
      rule: 'the same secret, by which their webhooks are told apart',
    },
  ];
  for (const { of, rule } of rules) {
    const first = new Map<string, string>();
    for (const upstream of upstreams) {
      const value = of(upstream);
      if (value === undefined) continue;
      const other = first.get(value);
      if (other !== undefined) return `${other} and ${upstream.name} must not have ${rule}.`;
      first.set(value, upstream.name);
    }
  }
  return undefined;
}

/** The name of an upstream, or its number from 1, and the key. */
function placeOf(entries: unknown, [index, ...keys]: readonly PropertyKey[]): string {
  if (typeof index !== 'number') return 'the file';
  const { name } = ((entries as readonly unknown[])[index] ?? {}) as { name?: unknown };
  const entry = typeof name === 'string' && name !== '' ? name : `upstream ${index + 1}`;
  return [entry, ...keys.map(String)].join('.');
}

function isUpstream(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return !!url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username;
}

function urlRule(): string {
  return 'must be a URL such as https://app.example.com';
}
