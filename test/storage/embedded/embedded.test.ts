import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { acquireEmbedded } from '../../../src/storage/embedded/embedded.js';
import {
  Holder,
  isAlive,
  killPostgres,
  postmasterPid,
  useDataDirTemplate,
} from '../../helpers/embedded.js';

const usedBefore = useDataDirTemplate();

let directory: string;
let dataDir: string;
let holders: Holder[];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'flowgate-embedded-'));
  dataDir = path.join(directory, '.flowgate');
  holders = [];
});

afterEach(async () => {
  for (const holder of holders) await holder.kill();
  const pid = await postmasterPid(dataDir);
  if (pid !== undefined && isAlive(pid)) await (await acquireEmbedded(dataDir)).release();
  await rm(directory, { recursive: true, force: true });
});

async function hold(options?: { role?: string; as?: string[] }): Promise<Holder> {
  const holder = Holder.spawn(dataDir, options);
  holders.push(holder);
  await holder.said(/^ready$/);
  return holder;
}

describe('The embedded PostgreSQL', () => {
  test('the embedded PostgreSQL starts on an empty directory, is stopped by its last user, and keeps its data', async () => {
    const first = await hold();
    await first.query('CREATE TABLE kept AS SELECT 42 AS answer');
    expect(await first.release()).toBe(0);
    expect(await postmasterPid(dataDir)).toBeUndefined();
    const second = await hold();
    expect(await second.query('SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(await second.release()).toBe(0);
    expect(await postmasterPid(dataDir)).toBeUndefined();
  });

  test('an embedded PostgreSQL that accepts a connection and does not answer in time is asked again', async () => {
    await usedBefore(directory);
    const connections: Socket[] = [];
    const silent = createServer((connection) => {
      connections.push(connection);
      // Asked a second time it is gone: PostgreSQL is started in its place.
      if (connections.length === 2) {
        silent.close();
        for (const each of connections) each.destroy();
      }
    });
    silent.listen(path.join(dataDir, 'postgres-18', 'data', '.s.PGSQL.5432'));
    const holder = await hold();
    expect(connections).toHaveLength(2);
    expect(await holder.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await holder.release()).toBe(0);
  });

  test('the embedded PostgreSQL is version 18 with UTF-8, UTC, checksums, and fsync', async () => {
    await usedBefore(directory);
    const holder = await hold();
    const settings = await holder.query(
      `SELECT current_setting('server_version_num')::int / 10000 AS major,
         current_setting('server_encoding') AS encoding, current_setting('timezone') AS zone,
         current_setting('data_checksums') AS checksums, current_setting('fsync') AS fsync,
         current_setting('synchronous_commit') AS commit, upper('straße, größer') AS upper`,
    );
    expect(settings).toEqual([
      {
        major: 18,
        encoding: 'UTF8',
        zone: 'UTC',
        checksums: 'on',
        fsync: 'on',
        commit: 'on',
        upper: 'STRAßE, GRÖßER',
      },
    ]);
  });

  test('the embedded PostgreSQL serves a command beside a server, in any order of starts and ends', async () => {
    await usedBefore(directory);
    const command = await hold();
    const pid = await postmasterPid(dataDir);
    const server = await hold({ role: 'server' });
    await command.query('CREATE TABLE shared AS SELECT 1 AS one');
    expect(await server.query('SELECT one FROM shared')).toEqual([{ one: 1 }]);
    expect(await command.release()).toBe(0);
    expect(await postmasterPid(dataDir)).toBe(pid);
    const another = await hold();
    expect(await server.release()).toBe(0);
    expect(await another.query('SELECT one FROM shared')).toEqual([{ one: 1 }]);
    expect(await another.release()).toBe(0);
    expect(await postmasterPid(dataDir)).toBeUndefined();
  });

  test('several simultaneous first starts share one embedded cluster', async () => {
    const processes = await Promise.all([hold(), hold(), hold()]);
    await processes[0].query('CREATE TABLE shared AS SELECT 1 AS one');
    for (const holder of processes) {
      expect(await holder.query('SELECT one FROM shared')).toEqual([{ one: 1 }]);
    }
    expect(await Promise.all(processes.map((holder) => holder.release()))).toEqual([0, 0, 0]);
    expect(await postmasterPid(dataDir)).toBeUndefined();
    expect(await readdir(dataDir)).toEqual(['postgres-18']);
  });

  test('a second server on one data directory is refused in one line with exit status 1', async () => {
    await usedBefore(directory);
    const server = await hold({ role: 'server' });
    const second = Holder.spawn(dataDir, { role: 'server' });
    holders.push(second);
    expect(await second.end()).toBe(1);
    expect(second.stderr).toBe(
      `Another Flowgate server (process ${server.child.pid}) already runs on the data directory ${dataDir}.\n`,
    );
    expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('the embedded PostgreSQL needs its password, on a socket that only its user can reach', async () => {
    await usedBefore(directory);
    const embedded = await acquireEmbedded(dataDir);
    try {
      const { password: _, ...connection } = embedded.connection;
      const client = new pg.Client({ ...connection, password: 'guess' });
      await expect(client.connect()).rejects.toThrow('password authentication failed');
      const cluster = path.join(dataDir, 'postgres-18');
      expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
      expect((await stat(path.join(cluster, 'data'))).mode & 0o777).toBe(0o700);
      expect((await stat(path.join(cluster, 'password'))).mode & 0o777).toBe(0o600);
      const user = new pg.Client(embedded.connection);
      await user.connect();
      const listening = await user.query('SHOW listen_addresses');
      await user.end();
      expect(listening.rows).toEqual([{ listen_addresses: '' }]);
    } finally {
      await embedded.release();
    }
  });

  test('the embedded PostgreSQL listens on loopback where the path is too long for a socket', async () => {
    dataDir = path.join(directory, 'a'.repeat(100), 'b'.repeat(100));
    const first = await hold();
    const second = await hold();
    const listening = 'SELECT inet_server_addr()::text AS address';
    expect(await first.query(listening)).toEqual([{ address: '127.0.0.1/32' }]);
    expect(await second.query(listening)).toEqual([{ address: '127.0.0.1/32' }]);
    await first.kill();
    await killPostgres(dataDir);
    await second.said(/^event .* is back/);
    expect(await (await hold()).query(listening)).toEqual([{ address: '127.0.0.1/32' }]);
  });

  test('the embedded PostgreSQL says in one line why it cannot start', async () => {
    await writeFile(path.join(directory, 'file'), '');
    await expect(acquireEmbedded(path.join(directory, 'file', 'x'))).rejects.toThrow(
      /^The embedded PostgreSQL in .*file\/x cannot be set up: ENOTDIR[^\n]*$/,
    );
    await usedBefore(directory);
    await rm(path.join(dataDir, 'postgres-18', 'data', 'global'), { recursive: true });
    await expect(acquireEmbedded(dataDir)).rejects.toThrow(
      /^The embedded PostgreSQL did not start: [^\n]*could not open file "[^\n]*pg_control"[^\n]*$/,
    );
  });
});

describe('After kill -9', () => {
  const ROWS = 'SELECT count(*)::int AS rows FROM acknowledged';

  async function write(holder: Holder): Promise<void> {
    await holder.query('CREATE TABLE acknowledged (id int PRIMARY KEY)');
    await holder.query('INSERT INTO acknowledged SELECT generate_series(1, 1000)');
  }

  test('after kill -9 of node PostgreSQL stays up, and the next server takes it over', async () => {
    await usedBefore(directory);
    const server = await hold({ role: 'server' });
    await write(server);
    const pid = await postmasterPid(dataDir);
    await server.kill();
    const next = await hold({ role: 'server' });
    expect(await postmasterPid(dataDir)).toBe(pid);
    expect(await next.query(ROWS)).toEqual([{ rows: 1000 }]);
    expect(await next.release()).toBe(0);
    expect(await postmasterPid(dataDir)).toBeUndefined();
  });

  test('after kill -9 of PostgreSQL the running server starts it again by itself, with nothing lost', async () => {
    await usedBefore(directory);
    const server = await hold({ role: 'server' });
    await write(server);
    await killPostgres(dataDir);
    await server.said(/^event The embedded PostgreSQL is back\.$/);
    expect(await server.query(ROWS)).toEqual([{ rows: 1000 }]);
    const second = Holder.spawn(dataDir, { role: 'server' });
    holders.push(second);
    expect(await second.end()).toBe(1);
    expect(second.stderr).toContain(`process ${server.child.pid}`);
    expect(await server.release()).toBe(0);
    expect(await postmasterPid(dataDir)).toBeUndefined();
  });

  test('after kill -9 of both the next start finds a stale lock and everything acknowledged', async () => {
    await usedBefore(directory);
    const server = await hold({ role: 'server' });
    await write(server);
    await server.kill();
    await killPostgres(dataDir);
    expect(await postmasterPid(dataDir)).toBeDefined();
    const next = await hold({ role: 'server' });
    expect(await next.query(ROWS)).toEqual([{ rows: 1000 }]);
  });

  test('a stale lock whose process id another program has now does not prevent a start', async () => {
    await usedBefore(directory);
    const server = await hold();
    await write(server);
    const pid = String(await postmasterPid(dataDir));
    await server.kill();
    await killPostgres(dataDir);
    const data = path.join(dataDir, 'postgres-18', 'data');
    for (const name of ['postmaster.pid', '.s.PGSQL.5432.lock']) {
      const lock = await readFile(path.join(data, name), 'utf8');
      await writeFile(path.join(data, name), lock.replace(pid, String(process.pid)));
    }
    expect(await (await hold()).query(ROWS)).toEqual([{ rows: 1000 }]);
  });
});

const isRoot = process.getuid?.() === 0;
// A user that every Linux has, and not the one that root's PostgreSQL becomes.
const DAEMON = 1;
const ORDINARY_USER = ['setpriv', '--reuid', '1', '--regid', '1', '--clear-groups'];

(isRoot ? describe : describe.skip)('Started by root', () => {
  test('the embedded PostgreSQL of root runs as another user, in a folder that this user cannot enter', async () => {
    await chmod(directory, 0o700);
    const holder = await hold();
    const pid = await postmasterPid(dataDir);
    expect((await stat(`/proc/${pid}`)).uid).not.toBe(0);
    expect(await holder.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('root takes over the data directory of an ordinary user, and hands it back', async () => {
    await mkdir(dataDir);
    for (const file of [directory, dataDir]) await chown(file, DAEMON, DAEMON);
    const owner = await hold({ as: ORDINARY_USER });
    await owner.query('CREATE TABLE kept AS SELECT 42 AS answer');
    expect((await stat(`/proc/${await postmasterPid(dataDir)}`)).uid).toBe(DAEMON);
    expect(await owner.release()).toBe(0);
    const root = await hold();
    expect(await root.query('SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(await root.release()).toBe(0);
    const again = await hold({ as: ORDINARY_USER });
    expect(await again.query('SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(await again.release()).toBe(0);
  });

  test("an ordinary user is refused root's data directory in one line", async () => {
    await chmod(directory, 0o755);
    expect(await (await hold()).release()).toBe(0);
    const other = Holder.spawn(dataDir, { as: ORDINARY_USER });
    holders.push(other);
    expect(await other.end()).toBe(1);
    expect(other.stderr).toMatch(/^The embedded PostgreSQL in .* permission denied\.[^\n]*\n$/);
  });

  test('a user without a name, whom PostgreSQL does not accept, is refused in one line', async () => {
    await chmod(directory, 0o777);
    const as = ['setpriv', '--reuid', '54321', '--regid', '54321', '--clear-groups'];
    const nameless = Holder.spawn(dataDir, { as });
    holders.push(nameless);
    expect(await nameless.end()).toBe(1);
    expect(nameless.stderr).toMatch(/^The embedded PostgreSQL in [^\n]* has no name\.[^\n]*\n$/);
  });
});
