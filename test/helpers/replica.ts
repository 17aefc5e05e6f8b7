import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { Cluster, USER } from '../../src/storage/embedded/cluster.js';
import { acquireEmbedded } from '../../src/storage/embedded/embedded.js';
import { startPostmaster, stopPostmaster } from '../../src/storage/embedded/postmaster.js';
import { migrate } from '../../src/storage/migrations/migrate.js';
import { killPostgres, useDataDirTemplate } from './embedded.js';

const run = promisify(execFile);
const DURABILITY = { durable: true };

/** A PostgreSQL server of its own, migrated, whose replicas can be made. */
export interface Primary {
  readonly connection: pg.PoolConfig;
  /** Makes a replica that streams from it, and starts it. */
  replicate(): Promise<TestReplica>;
  close(): Promise<void>;
}

/** A streaming physical replica. */
export interface TestReplica {
  readonly connection: pg.PoolConfig;
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Where a test file uses `startPrimary`, to be called at its top. */
export function usePrimary(): () => Promise<Primary> {
  const copyDataDir = useDataDirTemplate();
  return async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'flowgate-replica-'));
    await copyDataDir(folder);
    const embedded = await acquireEmbedded(path.join(folder, '.flowgate'), DURABILITY);
    const { connection } = embedded;
    const pool = new pg.Pool(connection);
    await migrate(pool);
    const replicas: string[] = [];
    return {
      connection,
      replicate: async () => {
        const directory = path.join(folder, `replica-${replicas.length}`);
        replicas.push(directory);
        await copyRunning(pool, embedded.directory, directory);
        return startReplica(directory);
      },
      close: async () => {
        for (const directory of replicas) {
          await stopPostmaster(await Cluster.open(directory, { create: false }));
        }
        await pool.end();
        await embedded.release();
        await rm(folder, { recursive: true });
      },
    };
  };
}

/** https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP */
async function copyRunning(primary: pg.Pool, source: string, directory: string): Promise<void> {
  const client = await primary.connect();
  try {
    await client.query(`SELECT pg_backup_start('replica', true)`);
    await run('mkdir', ['-m', '711', directory]);
    const copy = path.join(directory, path.basename(source));
    await run('cp', ['-a', source, copy]);
    const { rows } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(false)',
    );
    await client.query('SELECT pg_switch_wal()');
    const data = path.join(copy, 'data');
    const { host, port, password } = primary.options;
    const streaming = `host=${host} port=${port} user=${USER} password=${password}`;
    await writeFile(path.join(data, 'backup_label'), rows[0]!.labelfile);
    await writeFile(path.join(data, 'standby.signal'), '');
    await writeFile(
      path.join(data, 'postgresql.auto.conf'),
      `primary_conninfo = '${streaming}'\nwal_retrieve_retry_interval = '100ms'\n`,
    );
    const log = path.join(data, 'pg_wal');
    for (const name of await readdir(log)) {
      if (/^[0-9A-F]{24}$/.test(name)) await rm(path.join(log, name));
    }
    for (const name of await readdir(data)) {
      if (/^(postmaster\.|\.s\.PGSQL\.)/.test(name)) await rm(path.join(data, name));
    }
    await run('chown', [
      '--reference',
      path.join(source, 'data', 'PG_VERSION'),
      ...['backup_label', 'standby.signal', 'postgresql.auto.conf'].map((name) =>
        path.join(data, name),
      ),
    ]);
  } finally {
    client.release();
  }
}

async function startReplica(directory: string): Promise<TestReplica> {
  const cluster = await Cluster.open(directory, { create: false });
  const connection = await cluster.connection();
  const query = async (sql: string) => {
    const client = new pg.Client(connection);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const start = async () => {
    const { exited } = await startPostmaster(cluster, DURABILITY);
    const failed = exited.then((reason) => {
      throw reason ?? new Error('The replica has ended.');
    });
    failed.catch(() => undefined);
    // It takes connections once it is consistent.
    const isReady = () => query('SELECT 1').then(Boolean, () => false);
    while (!(await Promise.race([isReady(), failed])));
  };
  await start();
  return { connection, query, start, kill: () => killPostgres(directory) };
}
