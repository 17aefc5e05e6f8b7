import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { Database } from '../src/storage/postgres/database.js';
import { acquireEmbedded } from '../src/storage/embedded/embedded.js';
import { migrate } from '../src/storage/migrations/migrate.js';

/** A PostgreSQL server on which a benchmark creates and drops its own databases. */
export interface BenchServer {
  readonly create: (name: string) => Promise<BenchDatabase>;
  readonly close: () => Promise<void>;
}

/** A migrated database that is dropped at the end. */
export interface BenchDatabase {
  readonly database: Database;
  /** in the form of DATABASE_URL */
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/**
 * Opens DATABASE_URL's server or, without it, an embedded PostgreSQL in a temporary folder, with
 * durable commits.
 */
export async function openServer(): Promise<BenchServer> {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL) {
    const connection = parseIntoClientConfig(DATABASE_URL);
    return { create: (name) => create(connection, name), close: () => Promise.resolve() };
  }
  const directory = await mkdtemp(path.join(tmpdir(), 'flowgate-bench-'));
  const embedded = await acquireEmbedded(directory);
  return {
    create: (name) => create(embedded.connection, name),
    close: async () => {
      await embedded.release();
      await rm(directory, { recursive: true });
    },
  };
}

async function create(server: pg.PoolConfig, suffix: string): Promise<BenchDatabase> {
  const name = `flowgate_bench_${suffix}`;
  await execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await execute(server, `CREATE DATABASE ${name}`);
  const connection = { ...server, database: name };
  const database = new Database(connection);
  await migrate(database.pool);
  return {
    database,
    url: urlOf(connection),
    drop: async () => {
      await database.close();
      await execute(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function execute(connection: pg.PoolConfig, sql: string): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** As in libpq, the folder of a Unix socket is a query parameter. */
function urlOf({
  host = 'localhost',
  port = 5432,
  user,
  password,
  database,
}: pg.PoolConfig): string {
  const credentials = `${user}:${encodeURIComponent(String(password))}`;
  return host.startsWith('/')
    ? `postgresql://${credentials}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
    : `postgresql://${credentials}@${host}:${port}/${database}`;
}
