import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { createEmptyDatabase } from '../helpers/database.js';
import { flowgate, LISTENING, printed, startFlowgate, type Environment } from './flowgate.js';

async function stop(server: ChildProcess, signal: NodeJS.Signals = 'SIGTERM') {
  const ended = once(server, 'exit');
  server.kill(signal);
  const [status] = (await ended) as [number | null];
  return status;
}

/** As `npm start` does it. */
function startedByNpm(environment: Environment) {
  const command = `${process.execPath} ${path.resolve('bin/flowgate.js')} serve & echo $!; wait; true`;
  const env = { PATH: process.env['PATH'], FLOWGATE_DEMO: 'false', npm_lifecycle_event: 'start' };
  return spawn('sh', ['-c', command], { env: { ...env, ...environment } });
}

/** As a module that can be imported. */
function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

describe('on an empty embedded database', () => {
  let folder: string;
  let environment: Environment;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'flowgate-serve-'));
    environment = { FLOWGATE_DATA_DIR: path.join(folder, 'data'), PORT: '0', LOG_LEVEL: 'silent' };
  });

  afterEach(() => rm(folder, { recursive: true }));

  test('a server whose shell npm has ended while it was loading ends too', async () => {
    const endsShell = `export async function load(url, context, next) {
      if (url.endsWith('/cli/server-process.js')) {
        const parent = process.ppid;
        process.kill(parent);
        while (process.ppid === parent) await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return next(url, context);
    }`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(endsShell))});`;
    const options = { NODE_OPTIONS: `--import=${dataUrl(register)}` };
    const shell = startedByNpm({ ...environment, ...options });
    await once(shell.stdout.resume(), 'end');
    expect(shell.signalCode).toBe('SIGTERM');
  });

  test('the first start makes a demo whose printed commands work, the second none; commands work beside the server', async () => {
    const first = startFlowgate(environment, ['serve']);
    const output = await printed(first, /^[^]*^flowgate listening on http:\S+\n/m);
    const url = LISTENING.exec(output)![1]!;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);

    const commands = output.split('\n').filter((line) => /^\s*curl /.test(line));
    expect(commands).toHaveLength(3);
    const answers = await Promise.all(
      commands.map(async (command) => {
        const { stdout } = await promisify(execFile)('sh', ['-c', `${command} -sS`]);
        return JSON.parse(stdout);
      }),
    );
    expect(answers[0]).toMatchObject({ count: 8 });
    expect(answers[1]).toMatchObject({ count: expect.any(Number), results: expect.any(Array) });
    expect(answers[2].data.flowSensors.nodes).toHaveLength(8);
    expect(answers[2].data.flowSensors.nodes).toContainEqual(
      expect.objectContaining({ silentSince: expect.any(String) }),
    );

    for (const path of ['/app/', '/api/v1/flow_sensors/', '/graphql']) {
      expect(output).toContain(` ${url}${path}\n`);
    }
    const username = /^ *username (\S+)$/m.exec(output)![1]!;
    const password = /^ *password (\S+)$/m.exec(output)![1]!;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const sensors = await fetch(`${url}/api/v1/flow_sensors/`, { headers: { authorization } });
    expect(sensors.status).toBe(200);

    const { stdout: token } = await flowgate(environment, [
      ...['token', 'create', '--account', 'demo', '--name', 'x', '--scope', 'read'],
    ]);
    const withToken = { headers: { authorization: `Token ${token.trim()}` } };
    expect((await fetch(`${url}/api/v1/flow_sensors/`, withToken)).status).toBe(200);
    expect(await flowgate(environment, ['rollup', 'check'])).toMatchObject({ status: 0 });

    const other = await flowgate(environment, ['serve']);
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(/^flowgate: [^\n]*already[^\n]*\n$/);
    expect(await stop(first)).toBe(0);

    const second = startFlowgate(environment, ['serve']);
    expect(await printed(second, /^[^]*^flowgate listening on http:\S+\n/m)).toMatch(
      /^flowgate listening on \S+\n$/,
    );
    expect(await stop(second, 'SIGINT')).toBe(0);
  });

  test('a first start whose port is in use makes no demo, and the next one prints its credentials', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const PORT = String((taken.address() as AddressInfo).port);
    const occupied = await flowgate({ ...environment, PORT }, ['serve']);
    expect(occupied).toMatchObject({ status: 1, stdout: '' });
    taken.close();
    const server = startFlowgate(environment, ['serve']);
    const output = await printed(server, /^[^]*^flowgate listening on http:\S+\n/m);
    expect(output).toMatch(/^ *password \S+$/m);
    expect(output).toContain('npx flowgate user set-password demo');
    expect(await stop(server)).toBe(0);
  });

  test('only serve, migrate and account create make a database; other commands say that there is none', async () => {
    const missing = await flowgate(environment, ['token', 'list', '--account', 'acme']);
    expect(missing).toMatchObject({ status: 1, stdout: '' });
    expect(missing.stderr).toMatch(
      /^flowgate: There is no Flowgate database in [^\n]*data: set FLOWGATE_DATA_DIR [^\n]*\n$/,
    );
    expect(await readdir(folder)).toEqual([]);
    expect(await flowgate(environment, ['migrate'])).toMatchObject({ status: 0 });
    const wrong = await flowgate(environment, ['token', 'list', '--account', 'acme']);
    expect(wrong.stderr).toMatch(
      /^flowgate: There is no account named "acme"\. \(Database: [^\n]*data\/postgres-18\)\n$/,
    );
  });

  test('FLOWGATE_DEMO=false makes no demo', async () => {
    const quiet = { ...environment, FLOWGATE_DEMO: 'false' };
    const server = startFlowgate(quiet, ['serve']);
    expect(await printed(server, /^[^]*\n/)).toMatch(/^flowgate listening on \S+\n$/);
    expect(await stop(server)).toBe(0);
    expect((await flowgate(quiet, ['account', 'list'])).stdout).toBe('ID  NAME  CREATED\n');
  });
});

describe('on an embedded database that exists', () => {
  let folder: string;
  let environment: Environment;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'flowgate-serve-'));
    environment = { FLOWGATE_DATA_DIR: path.join(folder, 'data'), PORT: '0', LOG_LEVEL: 'silent' };
    expect(await flowgate(environment, ['migrate'])).toMatchObject({ status: 0 });
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('a server whose shell npm has ended ends too', async () => {
    const shell = startedByNpm(environment);
    const url = await printed(shell, LISTENING);
    // The server has the other end, and closes it when it ends.
    const ended = once(shell.stdout.resume(), 'end');
    shell.kill('SIGTERM');
    await ended;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
  });

  test('its first signal lets a server finish, also after npm has ended its shell', async () => {
    const shell = startedByNpm(environment);
    const output = await printed(shell, /^\d+\nflowgate listening on \S+\n/);
    const [, pid, url] = /(\d+)\n.*?(http:\S+)/.exec(output)!;
    const socket = connect(Number(new URL(url!).port), '127.0.0.1');
    socket.write('POST /app/login HTTP/1.1\r\nHost: flowgate\r\nConnection: close\r\n');
    socket.write('Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n');
    socket.write('Expect: 100-continue\r\n\r\n');
    // The server has the request now, and waits for its body.
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 100 /);
    shell.kill('SIGTERM');
    while (await fetch(`${url}/healthz`).catch(() => undefined)) continue;
    process.kill(Number(pid), 'SIGTERM');
    socket.write('a=b');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 /);
    await once(shell.stdout.resume(), 'end');
    // One that ends at once leaves PostgreSQL running.
    await expect(readdir(folder, { recursive: true })).resolves.not.toContainEqual(
      expect.stringMatching(/postmaster\.pid$/),
    );
  });

  test('SIGHUP, as a closed terminal sends it, ends the server like SIGTERM and stops PostgreSQL', async () => {
    const server = startFlowgate({ ...environment, FLOWGATE_DEMO: 'false' }, ['serve']);
    await printed(server, LISTENING);
    expect(await stop(server, 'SIGHUP')).toBe(0);
    await expect(readdir(folder, { recursive: true })).resolves.not.toContainEqual(
      expect.stringMatching(/postmaster\.pid$/),
    );
  });

  test('a server whose output is read no more, as in `flowgate serve | head`, stops PostgreSQL and ends with status 0', async () => {
    const server = startFlowgate({ ...environment, FLOWGATE_DEMO: 'false' }, ['serve']);
    server.stdout!.destroy();
    expect(await once(server, 'exit')).toEqual([0, null]);
    await expect(readdir(folder, { recursive: true })).resolves.not.toContainEqual(
      expect.stringMatching(/postmaster\.pid$/),
    );
  });
});

// Not every machine has IPv6.
const HAS_IPV6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
const LOOPBACK = HAS_IPV6
  ? { HOST: '::1', url: /^http:\/\/\[::1\]:\d+$/ }
  : { HOST: '127.0.0.1', url: /^http:\/\/127\.0\.0\.1:\d+$/ };

test('on a DATABASE_URL there is never a demo; an IPv6 host is in brackets', async () => {
  const empty = await createEmptyDatabase();
  const environment = {
    DATABASE_URL: empty.url,
    PORT: '0',
    HOST: LOOPBACK.HOST,
    LOG_LEVEL: 'silent',
  };
  const server = startFlowgate(environment, ['serve']);
  const url = await printed(server, LISTENING);
  expect(url).toMatch(LOOPBACK.url);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await stop(server)).toBe(0);
  expect(await empty.database.prisma.account.count()).toBe(0);
  await empty.drop();
});

test('what keeps the server from starting is reported in one line, with status 1', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const empty = await createEmptyDatabase();
  const PORT = String((taken.address() as AddressInfo).port);
  const environment = { DATABASE_URL: empty.url, LOG_LEVEL: 'silent' };

  const occupied = await flowgate({ ...environment, PORT }, ['serve']);
  expect(occupied).toMatchObject({ status: 1, stdout: '' });
  expect(occupied.stderr).toMatch(/^flowgate: [^\n]*in use[^\n]*\n$/);

  const wrong = await flowgate({ ...environment, PORT: 'http', HOST: '' }, ['serve']);
  expect(wrong).toMatchObject({ status: 1, stdout: '' });
  expect(wrong.stderr).toMatch(/^flowgate: [^\n]*PORT[^\n]*\n$/);

  const unknown = await flowgate({ ...environment, PORT: '0', HOST: 'no-host.invalid' }, ['serve']);
  expect(unknown).toMatchObject({ status: 1, stdout: '' });
  expect(unknown.stderr).toMatch(/^flowgate: [^\n]*no-host\.invalid[^\n]*HOST[^\n]*\n$/);
  taken.close();
  await empty.drop();
});
