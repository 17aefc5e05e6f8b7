import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Domain } from '../../src/composition/domain.js';
import { createEmptyDatabase, type TestDatabase } from '../helpers/database.js';
import { createTestDomain } from '../helpers/domain.js';
import { createTenant, type Tenant } from '../helpers/graphql.js';
import { startLoadBalancer, type LoadBalancer } from '../helpers/load-balancer.js';
import { Load, withRetries } from '../helpers/load.js';
import { basic, call, JSON_BODY, token, type Reply } from '../helpers/server.js';
import { eventsOf, PING_RECEIVED } from '../helpers/subscriptions.js';
import { Visitor } from '../helpers/visitor.js';
import { TestReceiver, until } from '../helpers/webhooks.js';
import { LISTENING, printed, startFlowgate } from './flowgate.js';

const SENSORS = '/api/v1/flow_sensors/';
const RATE_LIMIT = 120;
const PASSWORD = 'a right password';
const MINUTE = 60_000;
const ORIGIN = Date.parse('2024-03-01T00:00:00Z');

interface Instance {
  readonly child: ChildProcess;
  readonly url: string;
  /** what it has logged */
  readonly lines: { msg: string; migrations?: string[] }[];
}

let shared: TestDatabase;
let receiver: TestReceiver;
let balancer: LoadBalancer;
let instances: Instance[] = [];
const started: ChildProcess[] = [];
// The test's own way to the database, beside the instances as a command's is.
let domain: Domain;
let tenant: Tenant;
let sensorId: number;
let minutes = 0;

async function startInstance(): Promise<Instance> {
  const environment = {
    ...{ DATABASE_URL: shared.url, PORT: '0', WEBHOOK_ALLOW_PRIVATE_NETWORK: 'true' },
    RATE_LIMIT: `${RATE_LIMIT}`,
  };
  const child = startFlowgate(environment, ['serve']);
  started.push(child);
  const lines: Instance['lines'] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => lines.push(JSON.parse(line)));
  return { child, lines, url: await printed(child, LISTENING) };
}

function balance(): void {
  balancer.use(instances.map(({ url }) => url));
}

beforeAll(async () => {
  shared = await createEmptyDatabase();
  receiver = await new TestReceiver().listen();
  balancer = await startLoadBalancer();
  instances = await Promise.all([startInstance(), startInstance(), startInstance()]);
  balance();
  domain = createTestDomain(shared.database);
  tenant = await createTenant(shared, 'ours');
  sensorId = (await domain.sensors.create(tenant.principal, { name: 'Sensor' })).id;
});

afterAll(async () => {
  for (const child of started) if (child.exitCode === null) child.kill('SIGKILL');
  await balancer.close();
  await receiver.close();
  await domain.authenticator.close();
  await shared.drop();
});

async function newToken(scope: 'READ' | 'INGEST') {
  return domain.tokens.create(tenant.principal, { name: 'Token', scopes: [scope] });
}

const get = (key: string, url = balancer.url) => call(url, SENSORS, { headers: token(key) });
const ofEach = <T>(ask: (instance: Instance) => Promise<T>) => Promise.all(instances.map(ask));

function post(key: string, minute: number, url = balancer.url): Promise<Reply> {
  const datetime = new Date(ORIGIN + minute * MINUTE).toISOString();
  return call(url, `${SENSORS}${sensorId}/pings/`, {
    method: 'POST',
    headers: { ...token(key), ...JSON_BODY },
    body: JSON.stringify({ datetime, flowrate: minute }),
  });
}

const beginLoad = () =>
  new Load({
    requestsPerKey: RATE_LIMIT / 2,
    newKey: async () => {
      const input = { name: 'Load', scopes: ['READ', 'INGEST'] as const };
      return (await domain.tokens.create(tenant.principal, { ...input })).key;
    },
    record: async (key) => {
      const minute = minutes++;
      const reply = await withRetries(() => post(key, minute));
      return { reply, recorded: minute };
    },
    read: (key) => withRetries(() => get(key)),
  });

async function expectStored(acknowledged: readonly number[]): Promise<void> {
  const { rows } = await shared.database.pool.query<{ flowrate: number }>(
    'SELECT flowrate FROM ping WHERE sensor_id = $1 AND flowrate = ANY ($2)',
    [sensorId, acknowledged],
  );
  expect(rows.map(({ flowrate }) => flowrate).sort(ascending)).toEqual(
    [...acknowledged].sort(ascending),
  );
}

const ascending = (one: number, other: number) => one - other;
const delivered = () => receiver.hits.map(({ body }) => JSON.parse(body).data.flowrate as number);

test('three instances that start at once on an empty database migrate it once', async () => {
  const migrated = instances.flatMap(({ lines }) =>
    lines.filter(({ msg }) => msg === 'the database was migrated'),
  );
  expect(migrated).toHaveLength(1);
  const { rows } = await shared.database.pool.query<{ migration_name: string }>(
    'SELECT migration_name FROM _prisma_migrations ORDER BY started_at',
  );
  expect(rows.map((row) => row.migration_name)).toEqual(migrated[0]!.migrations);
  expect(await ofEach(({ url }) => call(url, '/readyz'))).toEqual(
    instances.map(() => expect.objectContaining({ status: 200 })),
  );
});

test('who signed in through one instance is signed in at all of them, and signed out at all of them', async () => {
  await domain.users.create(tenant.principal, { username: 'ada', password: PASSWORD });
  const visitor = new Visitor(balancer.url);
  expect((await visitor.signIn('ada', PASSWORD)).status).toBe(303);
  const cookie = `flowgate_session=${visitor.cookies.get('flowgate_session')}`;
  const pages = () =>
    ofEach(async ({ url }) => (await call(url, '/app/', { headers: { Cookie: cookie } })).status);
  expect(await pages()).toEqual([200, 200, 200]);
  await visitor.post('/app/sign-out', { csrf: await visitor.csrfToken() });
  await sleep(1000);
  expect(await pages()).toEqual([303, 303, 303]);
});

test('a token that is revoked through one instance is refused by every instance a second later', async () => {
  const { id, key } = await newToken('READ');
  const statuses = () => ofEach(async ({ url }) => (await get(key, url)).status);
  expect(await statuses()).toEqual([200, 200, 200]);
  const revoked = await call(balancer.url, '/graphql', {
    method: 'POST',
    headers: { ...token(tenant.admin), ...JSON_BODY },
    body: JSON.stringify({ query: `mutation { revokeApiToken(id: "${id}") }` }),
  });
  expect(revoked.body).toMatchObject({ data: { revokeApiToken: String(id) } });
  // The second that the specification allows is what is tested here.
  await sleep(1000);
  expect(await statuses()).toEqual([401, 401, 401]);
});

test('RATE_LIMIT is of the three instances together, however a client spreads its requests', async () => {
  const { key } = await newToken('READ');
  const replies = await Promise.all(Array.from({ length: RATE_LIMIT + 60 }, () => get(key)));
  const count = (status: number) => replies.filter((reply) => reply.status === status).length;
  expect([count(200), count(429)]).toEqual([RATE_LIMIT, 60]);
  expect(await ofEach(async ({ url }) => (await get(key, url)).status)).toEqual([429, 429, 429]);
});

test('wrong passwords are counted over the instances', async () => {
  await domain.users.create(tenant.principal, { username: 'bob', password: PASSWORD });
  const statuses: number[] = [];
  for (let guess = 0; guess < 12; guess++) {
    const headers = basic('bob', `guess ${guess}`);
    statuses.push((await call(balancer.url, SENSORS, { headers })).status);
  }
  expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
  expect(statuses.slice(11)).toEqual([429]);
});

test('a subscriber of any instance receives what the others record, in the order of its recording', async () => {
  const { key } = await newToken('READ');
  const ingest = (await newToken('INGEST')).key;
  const subscribed = await ofEach(({ url }) =>
    eventsOf(
      {
        post: (body, headers) =>
          fetch(`${url}/graphql`, { method: 'POST', headers: { ...JSON_BODY, ...headers }, body }),
      },
      key,
      PING_RECEIVED,
    ),
  );
  const first = minutes;
  for (const { url } of instances) expect((await post(ingest, minutes++, url)).status).toBe(201);
  for (const events of subscribed) {
    const flowrates: number[] = [];
    for (const _ of instances) {
      flowrates.push((await events.next()).value.data.pingReceived.flowrate);
    }
    expect(flowrates).toEqual([first, first + 1, first + 2]);
    await events.return(undefined);
  }
});

test('each delivery is claimed by one of the instances and arrives once', async () => {
  await domain.webhooks.create(tenant.principal, { url: receiver.url });
  const load = beginLoad();
  await load.more(100);
  await load.stop();
  await receiver.received(load.acknowledged.length);
  await until(async () => {
    const { rows } = await shared.database.pool.query(
      `SELECT count(*)::int AS open FROM webhook_delivery WHERE status <> 'SUCCEEDED'`,
    );
    return rows[0].open === 0;
  });
  expect(load.failures).toEqual([]);
  expect(delivered().sort(ascending)).toEqual([...load.acknowledged].sort(ascending));
});

test('while instances are replaced one by one under load, every request succeeds, at the latest when it is sent again', async () => {
  const load = beginLoad();
  await load.more(20);
  for (let place = 0; place < instances.length; place++) {
    const old = instances[place]!;
    instances[place] = await startInstance();
    const ended = once(old.child, 'exit');
    balance();
    old.child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    await load.more(20);
  }
  await load.stop();
  expect(load.failures).toEqual([]);
  await expectStored(load.acknowledged);
});

test('kill -9 of an instance under load loses no acknowledged ping and no delivery', async () => {
  const load = beginLoad();
  await load.more(20);
  const { child } = instances[1]!;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  // The load balancer does not know of it yet, and goes on to ask it.
  await load.more(40);
  await load.stop();
  expect(load.failures).toEqual([]);
  await expectStored(load.acknowledged);
  await until(() => {
    const received = new Set(delivered());
    return Promise.resolve(load.acknowledged.every((minute) => received.has(minute)));
  });
});

test('SIGTERM ends the instances that are left with status 0', async () => {
  const left = started.filter(({ exitCode, signalCode }) => exitCode === null && !signalCode);
  expect(left).toHaveLength(2);
  const ended = Promise.all(left.map((child) => once(child, 'exit')));
  for (const child of left) child.kill('SIGTERM');
  expect(await ended).toEqual([
    [0, null],
    [0, null],
  ]);
});
