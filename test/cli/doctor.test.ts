import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { examine, type Finding } from '../../src/composition/doctor/doctor.js';
import { TestBroker } from '../helpers/broker.js';
import { TestProvider } from '../helpers/openid.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { createTestDomain } from '../helpers/domain.js';
import { createTenant } from '../helpers/graphql.js';
import { runFlowgate } from './flowgate.js';

let db: TestDatabase;
let backups: string;
beforeAll(async () => {
  db = await createTestDatabase();
  backups = await mkdtemp(path.join(tmpdir(), 'flowgate-doctor-'));
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  await writeFile(path.join(backups, `flowgate-${now}.backup`), '');
});
afterAll(async () => {
  await db.drop();
  await rm(backups, { recursive: true });
});

const environment = () => ({ DATABASE_URL: db.url, FLOWGATE_BACKUP_DIR: backups });
const found = (findings: readonly Finding[], check: string) =>
  findings.filter((each) => each.check === check);

// The PostgreSQL of the tests trades durability for speed, which doctor must find.
const UNSAFE = ['fsync', 'full_page_writes', 'synchronous_commit'];

test('doctor finds nothing but the settings that can lose pings, also as JSON', async () => {
  const { status, stdout, stderr } = await runFlowgate(environment(), ['doctor', '--json']);
  const findings = JSON.parse(stdout) as Finding[];
  const isSetting = ({ check }: Finding) => check === 'settings';
  expect(found(findings, 'settings')).toEqual(
    UNSAFE.map((name) => ({
      check: 'settings',
      state: 'error',
      message: `${name} is off: pings that were acknowledged can be lost.`,
      advice: `Set ${name} = on in postgresql.conf.`,
    })),
  );
  const others = findings.filter((each) => !isSetting(each));
  expect(others.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(others.map(({ check }) => check)).toEqual([
    'configuration',
    'backups',
    'database',
    'pooler',
    'permissions',
    'migrations',
    'clock',
    'time zones',
    'summaries',
    'webhooks',
  ]);
  expect([status, stderr]).toEqual([1, 'flowgate: 3 errors, 0 warnings.\n']);
});

test('doctor finds wrong summaries, failed endpoints and missing backups, and says how to mend each', async () => {
  const { principal } = await createTenant(db, 'ours');
  const services = createTestDomain(db.database);
  const { id } = await services.sensors.create(principal, { name: 'Midland pump' });
  const pings = [1, 2].map((hour) => ({
    sensorId: id,
    flowrate: 100,
    datetime: new Date(Date.UTC(2026, 0, 1, hour)),
  }));
  await services.pings.record(principal, pings, { onConflict: 'REJECT' });
  const { pool } = db.database;
  await pool.query('UPDATE ping_summary SET flowrate_sum = 7 WHERE sensor_id = $1', [id]);
  await pool.query(
    `INSERT INTO webhook_endpoint (account_id, url, event_types, enabled, disabled_reason, secret)
     VALUES ($1, 'https://hooks.example.com/', '{}', false, 'It failed.', 'whsec_eA==')`,
    [principal.accountId],
  );
  const findings = await examine({ DATABASE_URL: db.url, FLOWGATE_DMEO: 'false' });
  expect(found(findings, 'summaries')).toEqual([
    {
      check: 'summaries',
      state: 'error',
      message: `Those of the sensors ${id} differ from their pings.`,
      advice: expect.stringContaining('flowgate rollup rebuild'),
    },
  ]);
  expect(found(findings, 'webhooks')).toMatchObject([{ state: 'warning' }]);
  expect(found(findings, 'backups')).toMatchObject([
    { state: 'warning', advice: expect.stringContaining('FLOWGATE_BACKUP_DIR') },
  ]);
  expect(found(findings, 'configuration')[0]!.message).toContain('FLOWGATE_DMEO');

  const { status, stdout, stderr } = await runFlowgate({ DATABASE_URL: db.url }, ['doctor']);
  expect(stdout).toMatch(/^error {4}summaries {6}Those of the sensors \d+ .+\n {24}→ Run /m);
  expect([status, stderr]).toEqual([1, 'flowgate: 4 errors, 2 warnings.\n']);
});

test('doctor connects to the broker that is set, and finds what it refuses', async () => {
  const broker = await TestBroker.listen({
    authenticate: (_client, username, _password, done) => {
      done(null, username === 'flow');
    },
    authorizeSubscribe: (_client, subscription, done) => {
      done(null, subscription.topic.startsWith('site/') ? subscription : null);
    },
  });
  const ask = async (more: object) => {
    const findings = await examine({
      DATABASE_URL: db.url,
      FLOWGATE_MQTT_URL: `mqtt://127.0.0.1:${broker.port}`,
      FLOWGATE_MQTT_ACCOUNT: 'brokered',
      FLOWGATE_MQTT_TOPICS: 'site/{sensor}',
      ...more,
    });
    return found(findings, 'broker').map(({ state, message }) => [state, message]);
  };
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const unknown = ['error', 'There is no account named "brokered", so no message is recorded.'];
  expect(await ask({ FLOWGATE_MQTT_USERNAME: 'flow' })).toEqual([
    ['ok', `${url} accepts the subscriptions.`],
    unknown,
  ]);
  await createTenant(db, 'brokered');
  expect(
    await ask({ FLOWGATE_MQTT_USERNAME: 'flow', FLOWGATE_MQTT_TOPICS: 'other/{sensor}' }),
  ).toEqual([['error', `${url}: The broker refuses the subscription to other/+.`]]);
  expect(await ask({})).toEqual([['error', expect.stringContaining('Not authorized')]]);
  await broker.close();
  expect(await ask({})).toEqual([['error', expect.stringContaining('ECONNREFUSED')]]);
});

test('doctor reads the metadata of the OpenID Connect provider, and looks for its account', async () => {
  const provider = await TestProvider.start();
  await provider.register(['https://flow.example.com']);
  const { issuer } = provider;
  const ask = async (more: object = {}) => {
    const findings = await examine({
      DATABASE_URL: db.url,
      FLOWGATE_OIDC_ISSUER: issuer,
      FLOWGATE_OIDC_CLIENT_ID: 'flowgate',
      FLOWGATE_OIDC_ACCOUNT: 'signed in',
      ...more,
    });
    return found(findings, 'OpenID Connect').map(({ state, message }) => [state, message]);
  };
  const url = `${issuer}/`;
  expect(await ask()).toEqual([
    ['ok', `${url} responds.`],
    ['error', 'There is no account named "signed in", so nobody can sign in at the provider.'],
  ]);
  await createTenant(db, 'signed in');
  expect(await ask({ FLOWGATE_OIDC_SCOPES: 'openid groups' })).toEqual([
    ['warning', `${url} does not name the scopes groups among those that it supports.`],
  ]);
  await provider.close();
  expect(await ask()).toEqual([['error', expect.stringContaining('fetch failed')]]);
});

test('doctor names what keeps the database from being used, and stops there', async () => {
  expect(await examine({ PORT: 'x' })).toMatchObject([
    { check: 'configuration', state: 'error', message: expect.stringContaining('PORT') },
  ]);
  const missing = new URL(db.url);
  missing.pathname = '/no_such_database';
  expect((await examine({ DATABASE_URL: missing.href })).at(-1)).toMatchObject({
    check: 'database',
    state: 'error',
    message: expect.stringContaining('no_such_database'),
  });

  const empty = await createEmptyDatabase();
  await empty.database.pool.query(
    `DO $$ BEGIN
       EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database());
     END $$`,
  );
  const findings = await examine({ DATABASE_URL: empty.url });
  expect(found(findings, 'permissions')).toMatchObject([{ state: 'error' }]);
  expect(findings.at(-1)).toMatchObject({
    check: 'migrations',
    state: 'error',
    advice: expect.stringContaining('flowgate migrate'),
  });
  await empty.drop();
});
