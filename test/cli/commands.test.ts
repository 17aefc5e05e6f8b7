import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { flowgate, runFlowgate, type Environment } from './flowgate.js';

let db: TestDatabase;
let environment: Environment;

beforeAll(async () => {
  db = await createTestDatabase();
  environment = { DATABASE_URL: db.url };
  await run(['account', 'create', 'demo']);
});

afterAll(() => db.drop());

function run(args: readonly string[], input?: string) {
  return runFlowgate(environment, args, input);
}

describe('exit status', () => {
  test.each([
    [['--help'], /Usage: flowgate/],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
    [['import', '--help'], /Examples:/],
    [['token', 'create', '--help'], /--scope/],
    [['serve', '--help'], /FLOWGATE_DEMO/],
  ])('%j prints on stdout and exits 0', async (args, output) => {
    expect(await run(args)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(output),
      stderr: '',
    });
  });

  test.each([
    [[], /Usage: flowgate/],
    [['bogus'], /unknown command 'bogus'/],
    [['account'], /Usage: flowgate account/],
    [['account', 'create'], /missing required argument 'NAME'/],
    [['account', 'create', ' '], /Must not be empty/],
    [['account', 'create', 'a', 'b'], /too many arguments/],
    [['account', 'create', 'a', '--colour', 'red'], /unknown option '--colour'/],
    [['user', 'create', 'ada', '--account', 'demo', '--role', 'owner'], /--role.*owner/],
    [['user', 'create', 'ada', '--account', 'demo'], /--password-stdin/],
    [['token', 'create', '--account', 'demo', '--name', 'x'], /--scope/],
    [['token', 'create', '--account', 'demo', '--name', 'x', '--scope', 'write'], /--scope.*write/],
    [
      [
        'token',
        'create',
        '--account',
        'demo',
        '--name',
        'x',
        '--scope',
        'read',
        '--expires',
        'soon',
      ],
      /--expires.*soon/,
    ],
    [['token', 'revoke', 'one'], /ID.*|one/],
    [['sensor', 'create', 'P', '--account', 'demo', '--latitude', '95'], /--latitude.*95/],
    [['sensor', 'create', 'P', '--account', 'demo', '--max-gap', '1.5'], /--max-gap.*1\.5/],
    [
      ['sensor', 'create', 'P', '--account', 'demo', '--meter-factor', '3'],
      /--meter-factor.*0\.5 to 2; got 3/,
    ],
    [['sensor', 'create', 'P', '--account', 'demo', '--tags', 'a,A'], /tags.*repeat the tag A/],
    [['import', '--account', 'demo'], /FILE/],
    [['import', '-', '--account', 'demo', '--unit', 'furlong'], /--unit.*furlong/],
    [['export'], /--account/],
    [['export', '--account', 'demo', '--start', 'yesterday'], /--start.*yesterday/],
  ])('%j is wrong usage, explained on stderr, and exits 2', async (args, output) => {
    expect(await run(args)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(output),
    });
  });

  test('wrong usage is explained in one line that suggests a similar command', async () => {
    const { status, stdout, stderr } = await run(['serv']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]*'serv'[^\n]*serve[^\n]*--help[^\n]*\n$/);
  });

  test.each([
    [['account', 'create', 'demo'], /already/],
    [['user', 'disable', 'unknown'], /unknown/],
    [['token', 'list', '--account', 'nowhere'], /nowhere/],
    [['token', 'revoke', '999'], /999/],
    [['export', '--account', 'demo', '--sensor', '999'], /999/],
    [['import', 'missing.csv', '--account', 'demo'], /missing\.csv/],
    [['rollup', 'check', '--sensor', '999'], /999/],
  ])('%j fails with one line on stderr and exits 1', async (args, output) => {
    const { status, stdout, stderr } = await run(args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^flowgate: [^\n]+\n$/);
    expect(stderr).toMatch(output);
  });

  test('an unreachable database is reported in one line without the password', async () => {
    const unreachable = { DATABASE_URL: 'postgresql://ada:hunter2@127.0.0.1:1/none' };
    const { status, stderr } = await flowgate(unreachable, ['account', 'list']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^flowgate: [^\n]+127\.0\.0\.1[^\n]+\n$/);
    expect(stderr).not.toContain('hunter2');
  });
});

test('account create prints only the id', async () => {
  const { stdout } = await run(['account', 'create', 'Permian North']);
  const account = await db.database.prisma.account.findUnique({ where: { name: 'Permian North' } });
  expect(stdout).toBe(`${account?.id}\n`);
});

test('users can be created, listed, disabled, given a new password and rid of a second factor', async () => {
  const role = ['--account', 'demo', '--password-stdin'];
  expect(await run(['user', 'create', 'ada', ...role, '--role', 'admin'], 'first\n')).toMatchObject(
    { status: 0 },
  );
  expect(await run(['user', 'create', 'bob', ...role], 'first')).toMatchObject({ status: 0 });
  const before = await db.database.prisma.user.findUniqueOrThrow({ where: { username: 'ada' } });
  expect(await run(['user', 'set-password', 'ada', '--password-stdin'], 'second')).toMatchObject({
    status: 0,
  });
  expect(await run(['user', 'disable', 'bob'])).toMatchObject({ status: 0 });
  const data = { totpSecret: 'ABC', totpConfirmedAt: new Date() };
  await db.database.prisma.user.update({ where: { username: 'ada' }, data });
  const identity = ['--issuer', 'https://login.example', '--subject', '7'];
  expect(await run(['user', 'set-identity', 'ada', ...identity])).toMatchObject({ status: 0 });
  expect(await run(['user', 'reset-totp', 'ada'])).toMatchObject({ status: 0 });

  const after = await db.database.prisma.user.findUniqueOrThrow({ where: { username: 'ada' } });
  expect(after.passwordHash).not.toBe(before.passwordHash);
  expect([after.identityIssuer, after.identitySubject]).toEqual(['https://login.example/', '7']);
  expect([after.totpSecret, after.totpConfirmedAt]).toEqual([null, null]);
  const { stdout } = await run(['user', 'list', '--account', 'demo']);
  expect(stdout).toMatch(/^USERNAME +ACCOUNT +ROLE +STATUS +CREATED\n/);
  expect(stdout).toMatch(/^ada +demo +admin +active /m);
  expect(stdout).toMatch(/^bob +demo +viewer +disabled /m);
});

test('a person is invited by a link that is printed alone', async () => {
  const args = ['user', 'invite', '--account', 'demo', '--username', 'ines', '--role', 'admin'];
  const url = 'https://flow.example.com/base/';
  const { status, stdout, stderr } = await run([...args, '--days', '3', '--url', url]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^https:\/\/flow\.example\.com\/base\/app\/invitation#[\w-]{43}\n$/);
  expect(stderr).toMatch(/once, until \d{4}-/);
  expect(await db.database.prisma.invitation.findMany()).toMatchObject([
    { username: 'ines', role: 'ADMIN', usedAt: null },
  ]);
  for (const wrong of ['--days=31', '--url=flow.example.com']) {
    expect(await run([...args, wrong])).toMatchObject({ status: 2 });
  }
});

test('users can be given another role and deleted', async () => {
  const options = ['--account', 'demo', '--password-stdin'];
  await run(['user', 'create', 'carol', ...options], 'secret');
  expect(await run(['user', 'set-role', 'carol', 'admin'])).toMatchObject({ status: 0 });
  expect((await run(['user', 'list'])).stdout).toMatch(/^carol +demo +admin +active /m);
  expect(await run(['user', 'set-role', 'carol', 'owner'])).toMatchObject({ status: 2 });
  expect(await run(['user', 'delete', 'carol'])).toMatchObject({ status: 0 });
  expect((await run(['user', 'list'])).stdout).not.toContain('carol');
  for (const again of [
    ['user', 'delete', 'carol'],
    ['user', 'set-role', 'carol', 'viewer'],
  ]) {
    expect(await run(again)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/carol/),
    });
  }
});

test('an empty password is refused', async () => {
  const args = ['user', 'create', 'eve', '--account', 'demo', '--password-stdin'];
  expect(await run(args, '\n')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/empty/),
  });
});

test('token create prints only the key; token list does not show it, and token revoke removes it', async () => {
  const args = ['token', 'create', '--account', 'demo', '--name', 'plc', '--scope', 'ingest,read'];
  const { stdout: key } = await run([...args, '--expires', '2099-01-01']);
  expect(key).toMatch(/^fg_\S{20,}\n$/);

  const { stdout } = await run(['token', 'list', '--account', 'demo']);
  expect((await run(['token', 'list'])).stdout).toContain(
    stdout.split('\n').find((line) => line.includes('plc'))!,
  );
  const [id] = /^(\d+) +plc +demo +read,ingest .*2099-01-01T00:00:00Z/m.exec(stdout)!.slice(1);
  expect(stdout).not.toContain(key.trim());

  expect(await run(['token', 'revoke', id!])).toMatchObject({ status: 0 });
  expect((await run(['token', 'list', '--account', 'demo'])).stdout).not.toContain('plc');
});

test('sensor create prints the id, and the sensor is activated now by default', async () => {
  const began = Date.now();
  const { stdout } = await run([
    ...[
      'sensor',
      'create',
      'Pump 3',
      '--account',
      'demo',
      '--latitude',
      '-31.9',
      '--longitude',
      '-102.1',
    ],
    ...['--pipe-diameter', '12.75', '--max-gap', '600'],
  ]);
  const find = (id: string) =>
    db.database.prisma.flowSensor.findUniqueOrThrow({ where: { id: Number(id) } });
  const sensor = await find(stdout);
  expect(sensor).toMatchObject({
    name: 'Pump 3',
    latitude: -31.9,
    longitude: -102.1,
    pipeDiameter: 12.75,
    maxGap: 600,
  });
  expect(sensor.activatedAt!.getTime()).toBeGreaterThanOrEqual(began);

  const old = await run([
    ...['sensor', 'create', 'Old', '--account', 'demo'],
    ...['--activated-at', '2001-02-03'],
  ]);
  expect(await find(old.stdout)).toMatchObject({
    activatedAt: new Date('2001-02-03'),
    latitude: null,
  });
});

test('sensors are listed, shown, changed, retired, restored and deleted', async () => {
  await run(['account', 'create', 'field']);
  const inField = ['--account', 'field'];
  const id = (await run(['sensor', 'create', 'FT-101', ...inField])).stdout.trim();
  const change = ['--name', 'FT-102', '--max-gap', '60', '--method', 'step', '--reason', 'typo'];
  change.push('--meter-factor', '0.9985', '--tags', 'North, custody transfer');
  expect(await run(['sensor', 'update', id, ...inField, ...change])).toMatchObject({ status: 0 });
  const shown = (await run(['sensor', 'show', id, ...inField])).stdout;
  expect(shown).toMatch(/^name +FT-102$/m);
  expect(shown).toMatch(/^max gap +60$/m);
  expect(shown).toMatch(/^meter factor +0\.9985$/m);
  expect(shown).toMatch(/^tags +North, custody transfer$/m);
  expect(shown).toMatch(/^method +STEP$/m);
  expect(shown).toMatch(/^retired at +-$/m);
  const next = (await run(['sensor', 'create', 'FT-103', ...inField])).stdout.trim();
  const replacing = ['--continues', id, '--continues-from', '2020-01-01T00:00:00Z'];
  expect(await run(['sensor', 'update', next, ...inField, ...replacing])).toMatchObject({
    status: 0,
  });
  const link = (await run(['sensor', 'show', next, ...inField])).stdout;
  expect(link).toMatch(new RegExp(`^continues sensor +${id}$`, 'm'));
  expect(link).toMatch(/^continues from +2020-01-01T00:00:00Z$/m);
  const none = ['--continues', 'none'];
  expect(await run(['sensor', 'update', next, ...inField, ...none])).toMatchObject({ status: 0 });
  const tagged = (await run(['sensor', 'list', ...inField, '--tag', 'NORTH'])).stdout;
  expect(tagged).toContain('FT-102');
  expect(tagged).not.toContain('FT-103');
  const at = '2020-01-01T00:00:00Z';
  expect(await run(['sensor', 'retire', id, ...inField, '--at', at])).toMatchObject({ status: 0 });
  expect((await run(['sensor', 'list', ...inField])).stdout).not.toContain('FT-102');
  const listed = (await run(['sensor', 'list', ...inField, '--retired', 'only'])).stdout;
  expect(listed).toMatch(new RegExp(`^${id} +FT-102 +field +STEP +60 +\\S+ +${at}$`, 'm'));
  expect(await run(['sensor', 'restore', id, ...inField])).toMatchObject({ status: 0 });
  expect((await run(['sensor', 'list', ...inField])).stdout).toContain('FT-102');
  const { stderr } = await run(['sensor', 'retire', id, ...inField, '--at', '2999-01-01']);
  expect(stderr).toContain('Must not be in the future; got 2999-01-01T00:00:00.000Z.');
  const log = await db.database.prisma.sensorConfigurationChange.findMany({
    where: { sensorId: Number(id) },
    orderBy: { id: 'asc' },
  });
  expect(log.map(({ parameter, newValue, reason }) => [parameter, newValue, reason])).toEqual([
    ['NAME', 'FT-102', 'typo'],
    ['MAX_GAP', '60', 'typo'],
    ['METHOD', 'STEP', 'typo'],
    ['METER_FACTOR', '0.9985', 'typo'],
    ['TAGS', 'North, custody transfer', 'typo'],
    ['RETIRED_AT', '2020-01-01T00:00:00.000Z', null],
    ['RETIRED_AT', null, null],
  ]);
  expect(await run(['sensor', 'delete', id, ...inField])).toMatchObject({ status: 0 });
  expect((await run(['sensor', 'show', id, ...inField])).status).toBe(1);
});

test('migrate says when there is nothing to do', async () => {
  expect(await run(['migrate'])).toMatchObject({
    status: 0,
    stdout: 'The database is up to date.\n',
  });
});
