import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { createEmptyDatabase } from '../helpers/database.js';
import { LISTENING, printed } from './flowgate.js';

test('the log says once that the limit of open files is reached, and once that it no longer is', async () => {
  const empty = await createEmptyDatabase();
  const command = `ulimit -n 256 && exec ${process.execPath} ${path.resolve('bin/flowgate.js')} serve`;
  const server = spawn('sh', ['-c', command], {
    env: { PATH: process.env['PATH'], DATABASE_URL: empty.url, PORT: '0' },
  });
  const url = await printed(server, LISTENING);
  const sockets = Array.from({ length: 500 }, () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    return socket;
  });
  await printed(
    { stdout: server.stderr },
    /"level":50,[^\n]*"The limit of open files is reached, [^\n]+\n/,
  );
  for (const socket of sockets) socket.destroy();
  const rest = await printed(
    { stdout: server.stderr },
    /[^]*"level":40,[^\n]*accepted again: [^\n]+\n/,
  );
  expect(rest.match(/open files/g)).toHaveLength(1);
  const ended = once(server, 'exit');
  server.kill();
  expect(await ended).toEqual([0, null]);
  await empty.drop();
});
