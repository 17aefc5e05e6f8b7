import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { runFlowgate } from './flowgate.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await run(['account', 'create', 'demo']);
});
afterAll(() => db.drop());

function run(args: readonly string[]) {
  return runFlowgate({ DATABASE_URL: db.url }, args);
}

test('the checks of a sensor are set and printed, and those that cannot be meant are refused', async () => {
  const id = (await run(['sensor', 'create', 'FT-200', '--account', 'demo'])).stdout.trim();
  const checks = (...options: string[]) =>
    run(['sensor', 'checks', id, '--account', 'demo', ...options]);
  const given = ['--frozen', '5,3600', '--reasonability=-10..20000', '--duplicate', 'on'];
  expect(await checks(...given)).toMatchObject({ status: 0 });
  // What is not named stays.
  expect(await checks('--low-flow', '2.5', '--duplicate', 'off')).toMatchObject({ status: 0 });
  const { stdout } = await checks();
  expect(stdout.split('\n').map((line) => line.replace(/ +/, ' ').trim())).toEqual([
    ...['CHECK SETTING', 'frozen 5,3600', 'rate-of-change off', 'reasonability -10..20000'],
    ...['operational-limit off', 'low-flow 2.5', 'duplicate off', ''],
  ]);
  for (const [options, message] of [
    [['--frozen', '5'], /--frozen.*5,3600/],
    [['--reasonability', '9..1'], /reasonability.low: Must be at most high, 1; got 9/],
  ] as const) {
    const refused = await checks(...options);
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toMatch(message);
  }
});
