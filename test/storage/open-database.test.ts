import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/storage/migrations/migrate.js';
import { openDatabase } from '../../src/storage/open-database.js';
import { StartupError } from '../../src/storage/postgres/startup-error.js';
import { createEmptyDatabase, urlOf, type TestDatabase } from '../helpers/database.js';

const NO_DIRECTORY = '/nonexistent';

function open(databaseUrl: string) {
  return openDatabase({ databaseUrl, dataDir: NO_DIRECTORY });
}

describe('DATABASE_URL names a PostgreSQL server', () => {
  let server: TestDatabase;
  beforeAll(async () => {
    server = await createEmptyDatabase();
  });
  afterAll(() => server.drop());

  test('a server that DATABASE_URL names is used instead of an embedded one, also over its Unix socket', async () => {
    const storage = await open(server.url);
    const { rows } = await storage.database.pool.query(
      `SELECT current_database() AS name, current_setting('TimeZone') AS zone`,
    );
    await storage.close();
    expect(rows).toEqual([{ name: server.connection.database, zone: 'UTC' }]);
    expect(storage.embedded).toBeUndefined();
  });

  test('numbers and instants are read in full, no matter how the database is set', async () => {
    const { pool } = server.database;
    const { database: name } = server.connection;
    await pool.query(`ALTER DATABASE ${name} SET extra_float_digits = 0`);
    await pool.query(`ALTER DATABASE ${name} SET DateStyle = 'German'`);
    const storage = await open(server.url);
    const { rows } = await storage.database.pool.query(
      `SELECT (0.1::float8 + 0.2::float8)::text AS figure, '2019-02-05T20:41:02Z'::timestamptz::text AS instant`,
    );
    await storage.close();
    expect(rows).toEqual([{ figure: '0.30000000000000004', instant: '2019-02-05 20:41:02+00' }]);
  });

  test('a replica that is away keeps no database from being opened, and the reason is told without its password', async () => {
    let onEvent: (event: string) => void = () => undefined;
    const told = new Promise<string>((resolve) => (onEvent = resolve));
    const replicaUrls = ['postgresql://user:s3cret@127.0.0.1:1/flowgate'];
    const storage = await openDatabase({
      databaseUrl: server.url,
      dataDir: NO_DIRECTORY,
      replicas: { replicaUrls, replicaMaxLagMs: 250 },
      onEvent,
    });
    expect(await told).toBe(
      'The replica at 127.0.0.1:1/flowgate is left out: The database at 127.0.0.1:1/flowgate cannot be used: ' +
        'connect ECONNREFUSED 127.0.0.1:1',
    );
    await storage.close();
  });

  test('a replica whose URL is malformed is refused, without repeating it', async () => {
    const replicas = { replicaUrls: ['10.0.0.6/s3cret'], replicaMaxLagMs: 250 };
    await expect(
      openDatabase({ databaseUrl: server.url, dataDir: NO_DIRECTORY, replicas }),
    ).rejects.toThrow(
      /^DATABASE_REPLICA_URLS is not the URL of a PostgreSQL server: postgresql:\/\/USER:PASSWORD@HOST:PORT\/DATABASE$/,
    );
  });

  test('a wrong password, database or address is reported in one line without the password', async () => {
    const password = 's3cret/pass';
    const wrong = urlOf({ ...server.connection, password });
    await expectRefusal(wrong, /password authentication failed for user "flowgate"/, password);
    const missing = urlOf({ ...server.connection, database: 'not_there' });
    await expectRefusal(missing, /database "not_there" does not exist/);
    await expectRefusal(
      `postgresql://user:${encodeURIComponent(password)}@127.0.0.1:1/flowgate`,
      /^The database at 127\.0\.0\.1:1\/flowgate cannot be used: connect ECONNREFUSED/,
      password,
    );
  });

  test('a DATABASE_URL that does not name a PostgreSQL server is refused in one line without repeating it', async () => {
    for (const url of ['mysql://me:s3cret@host/db', 's3cret', 'postgresql://me:s3cret@[/db']) {
      await expectRefusal(url, /^DATABASE_URL is not the URL of a PostgreSQL server: /, 's3cret');
    }
  });

  test('a server that does not speak PostgreSQL is reported in one line', async () => {
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expectRefusal(`postgresql://user@127.0.0.1:${port}/db`, /cannot be used: /);
    other.close();
  });

  test('sslmode=prefer and allow do without TLS where the server has none, and require refuses it', async () => {
    for (const mode of ['disable', 'allow', 'prefer']) {
      const storage = await open(withParameter(server.url, `sslmode=${mode}`));
      await storage.close();
    }
    for (const mode of ['require', 'verify-ca', 'verify-full']) {
      await expectRefusal(
        withParameter(server.url, `sslmode=${mode}`),
        /The server does not support SSL connections$/,
      );
    }
  });

  test('an sslmode that libpq does not know is refused with the value and those that there are', async () => {
    await expectRefusal(
      withParameter(server.url, 'sslmode=bogus'),
      /^DATABASE_URL: sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full, not "bogus"\.$/,
    );
  });

  test('the tables are in the schema that the URL names', async () => {
    const own = await createEmptyDatabase();
    await own.database.pool.query('CREATE SCHEMA "My flow"');
    const storage = await open(withParameter(own.url, `schema=${encodeURIComponent('My flow')}`));
    await migrate(storage.database.pool);
    await storage.database.prisma.account.create({ data: { name: 'ours' } });
    const { rows } = await own.database.pool.query(
      `SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    await storage.close();
    await own.drop();
    expect(rows).toEqual([{ schemaname: 'My flow' }]);
  });

  test("the tables are in the first schema of the role's search path", async () => {
    const own = await createEmptyDatabase();
    const { database: name } = own.connection;
    await own.database.pool.query('CREATE SCHEMA flow');
    await own.database.pool.query(`ALTER DATABASE ${name} SET search_path = flow, public`);
    const storage = await open(own.url);
    await migrate(storage.database.pool);
    await storage.database.prisma.account.create({ data: { name: 'ours' } });
    const { rows } = await own.database.pool.query('SELECT name FROM flow.account');
    await storage.close();
    await own.drop();
    expect(rows).toEqual([{ name: 'ours' }]);
  });

  test('a schema that the database does not have is refused with how to create it', async () => {
    await expectRefusal(
      withParameter(server.url, 'schema=flow'),
      /cannot be used: it has no schema flow; create it: CREATE SCHEMA "flow"$/,
    );
  });

  test('an encoding other than UTF-8 is refused', async () => {
    const name = `${server.connection.database}_latin`;
    await server.database.pool.query(
      `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'`,
    );
    await expectRefusal(
      urlOf({ ...server.connection, database: name }),
      /its encoding is LATIN1, and Flowgate needs UTF8$/,
    );
    await server.database.pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
  });
});

test('Without DATABASE_URL the embedded PostgreSQL of the data directory is used', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'flowgate-open-'));
  try {
    const storage = await openDatabase({ dataDir });
    const { rows } = await storage.database.pool.query('SELECT 1 AS one');
    expect(rows).toEqual([{ one: 1 }]);
    const { connection } = storage.embedded!;
    await storage.close();
    await expect(new pg.Client(connection).connect()).rejects.toThrow('ENOENT');
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});

function withParameter(url: string, parameter: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${parameter}`;
}

async function expectRefusal(url: string, message: RegExp, secret?: string): Promise<void> {
  const error = await open(url).then(
    () => undefined,
    (reason: unknown) => reason as Error,
  );
  expect(error).toBeInstanceOf(StartupError);
  expect(error?.message).toMatch(message);
  expect(error?.message).not.toContain('\n');
  if (secret) expect(error?.message).not.toContain(secret);
}
