import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { migrate } from '../../src/storage/migrations/migrate.js';
import { Database } from '../../src/storage/postgres/database.js';
import { sqlState } from '../../src/storage/postgres/pg-errors.js';
import { execute, type Node } from './citus.js';

/** Made and migrated once a run, by global-setup.mjs; every test database is a copy of it. */
export const TEMPLATE = 'flowgate_template';
/** Where the run has a cluster: its nodes, each of which has a part of the template. */
export const NODES_VARIABLE = 'FLOWGATE_TEST_NODES';
/** Informs the workers, through their environment, how to connect to the run's PostgreSQL. */
export const CONNECTION_VARIABLE = 'FLOWGATE_TEST_CONNECTION';

const OBJECT_IN_USE = '55006';

export interface TestDatabase {
  readonly database: Database;
  readonly connection: pg.PoolConfig;
  /** The same for another process: what DATABASE_URL takes. */
  readonly url: string;
  /** Closes `database`, ends every other connection and drops it. */
  drop(): Promise<void>;
}

/** A database of one's own, migrated and empty; where the run has a cluster, a distributed one. */
export function createTestDatabase(): Promise<TestDatabase> {
  const nodes = process.env[NODES_VARIABLE];
  return cloneDatabase(TEMPLATE, nodes === undefined ? undefined : (JSON.parse(nodes) as Node[]));
}

/** The same, and on a cluster one that is not distributed. */
export async function createUndistributedDatabase(): Promise<TestDatabase> {
  if (process.env[NODES_VARIABLE] === undefined) return createTestDatabase();
  const test = await createEmptyDatabase();
  await migrate(test.database.pool);
  return test;
}

/** An own database that is empty, without even the tables. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return cloneDatabase('template0');
}

/** @param nodes those that the template is on; none but the run's own server unless given */
async function cloneDatabase(
  template: string,
  nodes: readonly Partial<Node>[] = [{}],
): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const server = JSON.parse(process.env[CONNECTION_VARIABLE] ?? '{}') as pg.PoolConfig;
  const onEach = (sql: string) =>
    Promise.all(nodes.map((node) => execute({ ...server, ...node }, sql)));
  // Where commits are not durable, copying the files takes less than logging each page.
  await onEach(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  const connection = { ...server, database: name };
  const database = new Database(connection);
  return {
    database,
    connection,
    url: urlOf(connection),
    drop: async () => {
      await database.close();
      const dropped = `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`;
      // Citus may begin a session in it just then.
      await onEach(dropped).catch(async (error: unknown) => {
        if (sqlState(error) !== OBJECT_IN_USE) throw error;
        await onEach(dropped);
      });
    },
  };
}

/** A URL that names the same; a Unix socket's folder goes into the query, as with libpq. */
export function urlOf({ host = '', port, user, password, database }: pg.PoolConfig): string {
  const credentials = `${user}:${encodeURIComponent(password as string)}`;
  return host.startsWith('/')
    ? `postgresql://${credentials}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
    : `postgresql://${credentials}@${host}:${port}/${database}`;
}
