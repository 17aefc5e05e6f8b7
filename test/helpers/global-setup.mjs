// Plain JavaScript: jest loads this outside of its own module system.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import '../../scripts/typescript.mjs';

const { acquireEmbedded } = await import('../../src/storage/embedded/embedded.ts');
const { migrate } = await import('../../src/storage/migrations/migrate.ts');
const { CONNECTION_VARIABLE, NODES_VARIABLE, TEMPLATE } = await import('./database.ts');
const { execute, makeTemplate, nodesOf } = await import('./citus.ts');

/** What the set-up of a test run leaves to its teardown. */
export const run = { directory: undefined, embedded: undefined };

/**
 * Starts the one PostgreSQL of a test run, which is thrown away after it, or takes the cluster that
 * TEST_CITUS_URL names a database of; and migrates the template.
 */
export default async function setup() {
  const { TEST_CITUS_URL } = process.env;
  const connection = TEST_CITUS_URL ? connectionOf(TEST_CITUS_URL) : await startEmbedded();
  const cluster = TEST_CITUS_URL ? await nodesOf(connection) : undefined;
  for (const node of cluster ?? [{}]) {
    await execute(
      { ...connection, ...node },
      `DROP DATABASE IF EXISTS ${TEMPLATE}`,
      `CREATE DATABASE ${TEMPLATE}`,
    );
  }
  const template = { ...connection, database: TEMPLATE };
  const pool = new pg.Pool(template);
  await migrate(pool);
  await pool.end();
  if (cluster) {
    await makeTemplate(template, cluster);
    process.env[NODES_VARIABLE] = JSON.stringify(cluster);
  }
  process.env[CONNECTION_VARIABLE] = JSON.stringify(connection);
}

async function startEmbedded() {
  run.directory = await mkdtemp(path.join(tmpdir(), 'flowgate-test-'));
  run.embedded = await acquireEmbedded(run.directory, { durable: false });
  return run.embedded.connection;
}

function connectionOf(url) {
  const connection = parseIntoClientConfig(url);
  return { ...connection, password: connection.password ?? '' };
}
