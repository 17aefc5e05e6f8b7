import { expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLog } from '../../src/http/log.js';
import { logRequests } from '../../src/http/request-log.js';

test('secrets are redacted in logs', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => lines.push(line) });
  log.info({ authorization: 'Token s3cret', headers: { cookie: 's3cret' } }, 'one');
  log.info({ request: { headers: { authorization: 's3cret' } }, password: 's3cret' }, 'two');
  log.debug('not at this level');
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toContain('s3cret');
  expect(JSON.parse(lines[0]!)).toMatchObject({ msg: 'one', authorization: '[redacted]' });
});

test('the log of requests has their paths without the query, in which a secret may be by mistake', async () => {
  const lines: string[] = [];
  const named = logRequests(createLog('debug', { write: (line) => lines.push(line) }));
  const server = createServer((request, response) => {
    named(request, response, () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}/app/?token=s3cret`)).text();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(lines.map((line) => JSON.parse(line).url)).toEqual(['/app/']);
  expect(lines.join()).not.toContain('s3cret');
});
