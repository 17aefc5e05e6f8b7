import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { runFlowgate, type Environment } from './flowgate.js';

let db: TestDatabase;
let environment: Environment;

beforeAll(async () => {
  db = await createTestDatabase();
  environment = { DATABASE_URL: db.url };
});

afterAll(() => db.drop());

function run(args: readonly string[], input?: string) {
  return runFlowgate(environment, args, input);
}

test('groups of sensors are created, listed, changed, given members and deleted', async () => {
  await run(['account', 'create', 'grouping']);
  await run(['account', 'create', 'other']);
  const account = ['--account', 'grouping'];
  const sensor = (await run(['sensor', 'create', 'well', ...account])).stdout.trim();
  const id = (await run(['group', 'create', 'field', ...account])).stdout.trim();
  expect(id).toMatch(/^\d+$/);
  expect(await run(['group', 'create', 'field', ...account])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('The account has another group named "field".'),
  });
  const members = ['group', 'set-members', id, ...account, '--member', `${sensor}:in`];
  expect(await run(members)).toMatchObject({ status: 0 });
  expect(await run([...members, '--member', `${sensor}:up`])).toMatchObject({ status: 2 });
  const update = ['group', 'update', id, ...account];
  await run([...update, '--name', 'north', '--no-calendar', '--max-imbalance-percent', '2.5']);
  await run([...update, '--max-imbalance-volume', '100', '--max-imbalance-percent', '3']);
  await run([...update, '--no-max-imbalance-volume']);
  const wrong = await run([...update, '--max-imbalance-percent', '101']);
  expect(wrong).toMatchObject({ status: 2 });
  expect(wrong.stderr).toContain('Must be 0 to 100 percent of the inflow; got 101.');
  const lines = (await run(['group', 'list', ...account])).stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['ID', 'NAME', 'ACCOUNT', 'CALENDAR', 'MAX IMBALANCE', 'MEMBERS'],
    [id, 'north', 'grouping', '-', '3 %', `${sensor}:in`],
  ]);
  expect(await run(['group', 'delete', id, '--account', 'other'])).toMatchObject({ status: 1 });
  expect(await run(['group', 'delete', id, ...account])).toMatchObject({ status: 0 });
  expect((await run(['group', 'list'])).stdout.trimEnd()).toBe(
    'ID  NAME  ACCOUNT  CALENDAR  MAX IMBALANCE  MEMBERS',
  );
});

test('a period is closed, changed, checked and reopened at the command line, and a changed figure is named', async () => {
  await run(['account', 'create', 'closing']);
  const account = ['--account', 'closing'];
  const rows = Array.from({ length: 60 }, (_, hour) => {
    return `A,${new Date(Date.UTC(2026, 2, 1, hour)).toISOString()},2400\n`;
  });
  const csv = `sensor_name,datetime,flowrate\n${rows.join('')}`;
  await run(['import', '-', ...account, '--create-sensors'], csv);
  const { id: sensor } = await db.database.prisma.flowSensor.findFirstOrThrow({
    where: { account: { name: 'closing' } },
  });
  const group = (await run(['group', 'create', 'field', ...account])).stdout.trim();
  await run(['group', 'set-members', group, ...account, '--member', `${sensor}:in`]);
  const close = ['period', 'close', ...account, '--group', group, '--end', '2026-03-03'];
  expect(await run(close)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('first period'),
  });
  const period = (await run([...close, '--start', '2026-03-01'])).stdout.trim();
  expect((await run(['period', 'list', ...account, '--group', group])).stdout).toMatch(
    new RegExp(`${period} +2026-03-01T00:00:00Z +2026-03-03T00:00:00Z`),
  );
  const late = 'sensor_name,datetime,flowrate\nA,2026-03-01T00:30:00Z,4800\n';
  expect(await run(['import', '-', ...account], late)).toMatchObject({ status: 0 });
  expect((await run(['period', 'adjustments', period, ...account])).stdout).toMatch(
    /2400\.000000 +2450\.000000 +50\.000000 +LATE_READINGS +PENDING/,
  );
  expect(await run(['audit', 'check'])).toMatchObject({
    status: 0,
    stderr: expect.stringContaining(
      '2 closed figures and their adjustments are those of the readings.',
    ),
  });
  await db.database.pool.query(
    `UPDATE closed_period_sensor SET figures = jsonb_set(figures, '{1,volume}', '2401') WHERE period_id = $1`,
    [period],
  );
  const wrong = await run(['audit', 'check', ...account]);
  expect(wrong).toMatchObject({ status: 1 });
  expect(wrong.stdout).toContain(
    `closing, period ${period}, sensor ${sensor}, the day from 2026-03-02T00:00:00Z: closed with 2401.000000 bbl`,
  );
  expect(await run(['period', 'reopen', period, ...account])).toMatchObject({ status: 2 });
  await run(['period', 'reopen', period, ...account, '--reason', 'wrong figure']);
  expect(await run(['audit', 'check', ...account])).toMatchObject({ status: 0 });
});
