import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { Database } from '../../src/storage/postgres/database.js';

/** Made and migrated once a run, by global-setup.mjs; every test database is a copy of it. */
export const TEMPLATE = 'flowgate_template';
/** Informs the workers, through their environment, how to connect to the run's PostgreSQL. */
export const CONNECTION_VARIABLE = 'FLOWGATE_TEST_CONNECTION';

export interface TestDatabase {
  readonly database: Database;
  readonly connection: pg.PoolConfig;
  /** The same for another process: what DATABASE_URL takes. */
  readonly url: string;
  /** Closes `database`, ends every other connection and drops it. */
  drop(): Promise<void>;
}

/** A database of one's own, migrated and empty. */
export function createTestDatabase(): Promise<TestDatabase> {
  return cloneDatabase(TEMPLATE);
}

/** An own database that is empty, without even the tables. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return cloneDatabase('template0');
}

async function cloneDatabase(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const server = JSON.parse(process.env[CONNECTION_VARIABLE] ?? '{}') as pg.PoolConfig;
  // Where commits are not durable, copying the files takes less than logging each page.
  await execute(server, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  const connection = { ...server, database: name };
  const database = new Database(connection);
  return {
    database,
    connection,
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

/** A URL that names the same; a Unix socket's folder goes into the query, as with libpq. */
export function urlOf({ host = '', port, user, password, database }: pg.PoolConfig): string {
  const credentials = `${user}:${encodeURIComponent(password as string)}`;
  return host.startsWith('/')
    ? `postgresql://${credentials}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
    : `postgresql://${credentials}@${host}:${port}/${database}`;
}
