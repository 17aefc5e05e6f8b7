// Plain JavaScript: jest loads this outside of its own module system.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import '../../scripts/typescript.mjs';

const { acquireEmbedded } = await import('../../src/storage/embedded/embedded.ts');
const { migrate } = await import('../../src/storage/migrations/migrate.ts');
const { CONNECTION_VARIABLE, TEMPLATE } = await import('./database.ts');

/** What the set-up of a test run leaves to its teardown. */
export const run = { directory: undefined, embedded: undefined };

/** Starts the one PostgreSQL of a test run, which is thrown away after it, and migrates the template. */
export default async function setup() {
  run.directory = await mkdtemp(path.join(tmpdir(), 'flowgate-test-'));
  run.embedded = await acquireEmbedded(run.directory, { durable: false });
  const { connection } = run.embedded;
  const client = new pg.Client(connection);
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  const pool = new pg.Pool({ ...connection, database: TEMPLATE });
  await migrate(pool);
  await pool.end();
  process.env[CONNECTION_VARIABLE] = JSON.stringify(connection);
}
