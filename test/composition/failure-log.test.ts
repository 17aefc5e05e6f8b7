import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { FailureLog } from '../../src/composition/failure-log.js';
import { UnavailableError } from '../../src/domain/shared/errors.js';
import { createLog } from '../../src/http/log.js';
import { DatabaseUnavailableError } from '../../src/storage/postgres/pg-errors.js';

/** What is logged, as JSON, and a promise of its next line. */
function collect() {
  const lines: { level: number; msg: string; err?: { message: string } }[] = [];
  let notify = (): void => undefined;
  const log = createLog('info', {
    write: (line) => {
      lines.push(JSON.parse(line));
      notify();
    },
  });
  return { lines, log, next: () => new Promise<void>((resolve) => (notify = resolve)) };
}

test('an unavailable database is logged once, without a stack, and once more when it is available again', async () => {
  const { lines, log, next } = collect();
  const answers = [false, false, true];
  const failures = new FailureLog(log, () => Promise.resolve(answers.shift()!), 1);
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const back = next().then(next);
  failures.report(refused);
  failures.report(new DatabaseUnavailableError(refused));
  failures.report(new UnavailableError(2, { cause: new DatabaseUnavailableError(refused) }));
  await back;
  expect(lines.map(({ msg, err }) => [msg, err])).toEqual([
    [
      'The database is unavailable: connect ECONNREFUSED. Requests get 503, and background tasks are tried again.',
      undefined,
    ],
    [expect.stringMatching(/^The database is available again after \d+ s\.$/), undefined],
  ]);
});

test('a client that went away in the middle of its response is logged neither as a failure nor as an outage', () => {
  const { lines, log } = collect();
  const failures = new FailureLog(log, () => Promise.resolve(true));
  const socket = new Socket();
  const request = new IncomingMessage(socket);
  const error = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  socket.destroy();
  failures.report(error, request);
  failures.report(new Error('a mistake'), request);
  expect(lines.map(({ err }) => err?.message)).toEqual(['a mistake']);
});

test('a failure that is not the unavailable database is logged each time, with its stack', () => {
  const { lines, log } = collect();
  const failures = new FailureLog(log, () => Promise.resolve(true));
  failures.report(new Error('a defect'));
  failures.report(new Error('a defect'));
  expect(lines.map(({ msg, err }) => [msg, err?.message])).toEqual([
    ['a background task failed and is tried again', 'a defect'],
    ['a background task failed and is tried again', 'a defect'],
  ]);
});
