import type { ConnectionOptions } from 'node:tls';
import type pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { StartupError } from './postgres/startup-error.js';

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type SslMode = (typeof SSL_MODES)[number];

/** Where a database is, and how to connect. */
export interface DatabaseAddress {
  /**
   * ways to connect, to be tried in this order: some SSL modes go on without TLS, or with it, where
   * they must
   */
  readonly ways: readonly [pg.PoolConfig, ...pg.PoolConfig[]];
  /** for messages: `HOST:PORT/DATABASE` */
  readonly place: string;
  readonly schema: string | undefined;
  /** the same text without the password */
  readonly redact: (text: string) => string;
}

/**
 * Reads a URL such as DATABASE_URL: libpq's parameters, its `sslmode` among them, and Prisma's `schema`.
 * @param variable that has it, for messages
 * @throws StartupError with one line that never repeats the URL
 */
export function parseDatabaseUrl(url: string, variable = 'DATABASE_URL'): DatabaseAddress {
  const malformed = `${variable} is not the URL of a PostgreSQL server: postgresql://USER:PASSWORD@HOST:PORT/DATABASE`;
  if (!/^(postgres(ql)?|socket):\/\//i.test(url)) throw new StartupError(malformed);
  const sslMode = parameter(url, 'sslmode');
  if (sslMode !== undefined && !isSslMode(sslMode)) {
    throw new StartupError(
      `${variable}: sslmode must be one of ${SSL_MODES.join(', ')}, not ${JSON.stringify(sslMode)}.`,
    );
  }
  const schema = parameter(url, 'schema');
  const config = parse(without(url, ['sslmode', 'schema']), variable, malformed);
  const { host, port, database, password } = config;
  return {
    ways: waysToConnect(config, sslMode),
    place: `${host ?? 'localhost'}:${port ?? 5432}${database ? `/${database}` : ''}`,
    schema,
    redact: (text) =>
      typeof password === 'string' && password ? text.replaceAll(password, '***') : text,
  };
}

function parse(url: string, variable: string, malformed: string): pg.PoolConfig {
  try {
    return parseIntoClientConfig(url);
  } catch (error) {
    // A certificate that the URL names may be unreadable. The parser's own message repeats the URL.
    const file = (error as NodeJS.ErrnoException).path;
    throw new StartupError(file ? `${variable} names ${file}, which cannot be read.` : malformed);
  }
}

/** https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
function waysToConnect(
  config: pg.PoolConfig,
  mode: SslMode | undefined,
): readonly [pg.PoolConfig, ...pg.PoolConfig[]] {
  if (mode === undefined) return [config];
  const files: ConnectionOptions = typeof config.ssl === 'object' ? config.ssl : {};
  const unverified = { ...config, ssl: { ...files, rejectUnauthorized: false } };
  const plain = { ...config, ssl: false };
  const ofAuthority = { ...config, ssl: { ...files, checkServerIdentity: () => undefined } };
  switch (mode) {
    case 'disable':
      return [plain];
    case 'allow':
      return [plain, unverified];
    case 'prefer':
      return [unverified, plain];
    case 'require':
      // As in libpq, a certificate of an authority is there to be checked.
      return [files.ca === undefined ? unverified : ofAuthority];
    case 'verify-ca':
      return [ofAuthority];
    case 'verify-full':
      return [{ ...config, ssl: files }];
  }
}

function isSslMode(text: string): text is SslMode {
  return (SSL_MODES as readonly string[]).includes(text);
}

function parameter(url: string, name: string): string | undefined {
  const [, query = ''] = url.split('?');
  return new URLSearchParams(query).get(name) ?? undefined;
}

function without(url: string, names: readonly string[]): string {
  const [address = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  for (const name of names) parameters.delete(name);
  return parameters.size > 0 ? `${address}?${parameters}` : address;
}
