import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
let create: (input: object) => Promise<any>;

beforeAll(async () => {
  world = await createWorld();
  const { instance, ours } = world;
  create = async (input) =>
    (
      await instance.ask(
        ours.admin,
        `mutation ($input: CreateWebhookEndpointInput!) {
          createWebhookEndpoint(input: $input) { id url secret description sensorIds eventTypes enabled disabledReason }
        }`,
        { input },
      )
    ).createWebhookEndpoint;
});

afterAll(async () => {
  await world.close();
  expect(world.instance.failures).toEqual([]);
});

const url = 'https://example.com/hook';

test('an endpoint is created with the documented defaults', async () => {
  expect(await create({ url })).toEqual({
    id: expect.stringMatching(/^\d+$/),
    url,
    secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    description: null,
    sensorIds: null,
    eventTypes: ['ping_received'],
    enabled: true,
    disabledReason: null,
  });
});

test('an endpoint is updated, found, listed and deleted', async () => {
  const { instance, ours } = world;
  const { createFlowSensor } = await instance.ask(
    ours.admin,
    'mutation { createFlowSensor(input: { name: "A" }) { id } }',
  );
  const { id } = await create({ url, sensorIds: [createFlowSensor.id], description: 'one' });
  const { updateWebhookEndpoint } = await instance.ask(
    ours.admin,
    `mutation ($id: ID!, $input: UpdateWebhookEndpointInput!) {
      updateWebhookEndpoint(id: $id, input: $input) { id url sensorIds eventTypes enabled description }
    }`,
    { id, input: { enabled: false, eventTypes: ['ping_corrected'], description: null } },
  );
  expect(updateWebhookEndpoint).toEqual({
    id,
    url,
    sensorIds: [createFlowSensor.id],
    eventTypes: ['ping_corrected'],
    enabled: false,
    description: null,
  });
  const listed = await instance.ask(
    ours.reader,
    `query ($id: ID!) {
      webhookEndpoint(id: $id) { id enabled secret deliveries(first: 5) { totalCount nodes { id } } }
      webhookEndpoints(first: 100) { totalCount edges { cursor node { id secret } } pageInfo { hasNextPage } }
    }`,
    { id },
  );
  expect(listed.webhookEndpoint).toEqual({
    id,
    enabled: false,
    secret: null,
    deliveries: { totalCount: 0, nodes: [] },
  });
  const ids = listed.webhookEndpoints.edges.map(({ node }: any) => node.id);
  expect(ids).toContain(id);
  expect(ids).toHaveLength(listed.webhookEndpoints.totalCount);
  expect(listed.webhookEndpoints.edges.every(({ node }: any) => node.secret === null)).toBe(true);
  const deleted = await instance.ask(ours.admin, `mutation { deleteWebhookEndpoint(id: "${id}") }`);
  expect(deleted.deleteWebhookEndpoint).toBe(id);
  const gone = await instance.ask(ours.admin, `{ webhookEndpoint(id: "${id}") { id } }`);
  expect(gone.webhookEndpoint).toBeNull();
});

test.each([
  [{ url: 'ftp://example.com/' }, 'url'],
  [{ url: 'not a url' }, 'url'],
  [{ url: '' }, 'url'],
  [{ url: 'https://user:secret@example.com/' }, 'url'],
  [{ url, eventTypes: ['nothing'] }, 'eventTypes'],
  [{ url, eventTypes: [] }, 'eventTypes'],
  [{ url, sensorIds: ['999999'] }, 'sensorIds'],
  [{ url, sensorIds: ['abc'] }, 'sensorIds'],
  [{ url, description: 'x'.repeat(501) }, 'description'],
])('%j breaks a rule of the field it names', async (input, field) => {
  const { instance, ours } = world;
  const { errors } = await instance.query(
    ours.admin,
    'mutation ($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) { id } }',
    { input },
  );
  expect(errors).toHaveLength(1);
  expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
});

test('a sensor of another account cannot be named', async () => {
  const { instance, ours, theirs } = world;
  const { createFlowSensor } = await instance.ask(
    theirs.admin,
    'mutation { createFlowSensor(input: { name: "Theirs" }) { id } }',
  );
  const { errors } = await instance.query(
    ours.admin,
    'mutation ($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) { id } }',
    { input: { url, sensorIds: [createFlowSensor.id] } },
  );
  expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'sensorIds' });
});

const MUTATIONS = [
  'createWebhookEndpoint(input: { url: "https://example.com/" }) { id }',
  'updateWebhookEndpoint(id: ID, input: { enabled: false }) { id }',
  'deleteWebhookEndpoint(id: ID)',
  'rotateWebhookSecret(id: ID) { id }',
  'revokePreviousWebhookSecret(id: ID) { id }',
  'sendTestWebhook(id: ID) { id }',
  'redeliverWebhook(deliveryId: ID) { id }',
  'redeliverFailedWebhooks(endpointId: ID, since: "2026-01-01")',
  'sendPendingWebhooks(endpointId: ID)',
];

test.each(MUTATIONS)('%s needs ADMIN', async (mutation) => {
  const { instance, ours } = world;
  const { id } = await create({ url });
  const text = `mutation { ${mutation.replace('ID', JSON.stringify(id))} }`;
  for (const token of [ours.reader, ours.ingester]) {
    const { errors } = await instance.query(token, text);
    expect(errors[0]!.extensions.code).toBe('FORBIDDEN');
  }
});

test.each(MUTATIONS.slice(1))(
  '%s of another account’s object is NOT_FOUND, like that of a missing one',
  async (mutation) => {
    const { instance, ours, theirs } = world;
    const { id } = await create({ url });
    const { sendTestWebhook } = await instance.ask(
      ours.admin,
      `mutation { sendTestWebhook(id: "${id}") { id } }`,
    );
    const own = mutation.includes('deliveryId') ? sendTestWebhook.id : id;
    for (const wanted of [own, '2147483647', 'nonsense']) {
      const text = `mutation { ${mutation.replace('ID', JSON.stringify(wanted))} }`;
      const { errors } = await instance.query(theirs.admin, text);
      expect(errors[0]!.extensions.code).toBe('NOT_FOUND');
    }
    const seen = await instance.ask(
      theirs.admin,
      `{ webhookEndpoint(id: "${id}") { id } webhookDelivery(id: "${sendTestWebhook.id}") { id } }`,
    );
    expect(seen).toEqual({ webhookEndpoint: null, webhookDelivery: null });
  },
);

test('rotating a secret replaces it, and the previous one stays valid for 24 hours unless revoked', async () => {
  const { instance, ours } = world;
  const { id, secret } = await create({ url });
  const { rotateWebhookSecret: rotated } = await instance.ask(
    ours.admin,
    `mutation { rotateWebhookSecret(id: "${id}") { secret previousSecretExpiresAt } }`,
  );
  expect(rotated.secret).toMatch(/^whsec_/);
  expect(rotated.secret).not.toBe(secret);
  const hours = (Date.parse(rotated.previousSecretExpiresAt) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(23.9);
  expect(hours).toBeLessThanOrEqual(24);
  const { revokePreviousWebhookSecret: revoked } = await instance.ask(
    ours.admin,
    `mutation { revokePreviousWebhookSecret(id: "${id}") { secret previousSecretExpiresAt } }`,
  );
  expect(revoked).toEqual({ secret: rotated.secret, previousSecretExpiresAt: null });
});

test('a test send has the documented body of the newest ping of the first sensor', async () => {
  const { instance, ours } = world;
  const { createFlowSensor: sensor } = await instance.ask(
    ours.admin,
    'mutation { createFlowSensor(input: { name: "Newest" }) { id } }',
  );
  await instance.ask(
    ours.admin,
    `mutation { recordPings(input: { pings: [{ sensorId: "${sensor.id}", flowrate: 7.5, datetime: "2026-01-01T00:00:00.250Z" }] }) { recorded } }`,
  );
  const { id } = await create({ url, sensorIds: [sensor.id] });
  const { sendTestWebhook: sent } = await instance.ask(
    ours.admin,
    `mutation { sendTestWebhook(id: "${id}") {
      id status eventType isTest payload sequence webhookId attempts { status } endpoint { id }
      ping { id flowrate datetime sensor { name } } } }`,
  );
  expect(sent).toMatchObject({
    status: 'PENDING',
    eventType: 'ping_received',
    isTest: true,
    sequence: null,
    attempts: [],
    endpoint: { id },
    ping: { flowrate: 7.5, datetime: '2026-01-01T00:00:00.250Z', sensor: { name: 'Newest' } },
  });
  expect(sent.payload).toBe(
    `{"type":"ping_received","api_version":"1","data":{"id":${sent.ping.id},"sensor_id":${sensor.id},` +
      '"sensor_name":"Newest","flowrate":7.5,"datetime":"2026-01-01T00:00:00.250Z"}}',
  );
  const { webhookEndpoint } = await instance.ask(
    ours.reader,
    `{ webhookEndpoint(id: "${id}") {
      deliveries(first: 10, filter: { status: PENDING, eventType: "ping_received" }) { totalCount nodes { id } }
      none: deliveries(first: 10, filter: { status: FAILED }) { totalCount nodes { id } }
      lastSequence events(afterSequence: 0) { lastSequence unnumbered deliveries { id } } } }`,
  );
  expect(webhookEndpoint).toEqual({
    deliveries: { totalCount: 1, nodes: [{ id: sent.id }] },
    none: { totalCount: 0, nodes: [] },
    lastSequence: 0,
    events: { lastSequence: 0, unnumbered: 0, deliveries: [] },
  });
});

test('deliveries are paged newest first, stably in both directions', async () => {
  const { instance, ours } = world;
  const { id } = await create({ url });
  const sent: string[] = [];
  for (let index = 0; index < 5; index++) {
    const { sendTestWebhook } = await instance.ask(
      ours.admin,
      `mutation { sendTestWebhook(id: "${id}") { id } }`,
    );
    sent.unshift(sendTestWebhook.id);
  }
  const page = async (args: string) =>
    (
      await instance.ask(
        ours.reader,
        `{ webhookEndpoint(id: "${id}") { deliveries(${args}) {
          nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
      )
    ).webhookEndpoint.deliveries;
  const ids = ({ nodes }: any) => nodes.map((node: any) => node.id);
  const first = await page('first: 2');
  expect(ids(first)).toEqual(sent.slice(0, 2));
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
  expect(ids(second)).toEqual(sent.slice(2, 4));
  expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  const back = await page(`last: 2, before: "${second.pageInfo.startCursor}"`);
  expect(ids(back)).toEqual(sent.slice(0, 2));
  expect(ids(await page('last: 2'))).toEqual(sent.slice(3));
});

test('an endpoint names the others at the same URL that receive some of the same events', async () => {
  const { instance, ours } = world;
  const same = 'https://duplicate.example.com/hook';
  const first = await create({ url: same });
  const second = await create({ url: same, eventTypes: ['ping_received', 'pings_deleted'] });
  await create({ url: same, eventTypes: ['ping_corrected'] });
  const { webhookEndpoint } = await instance.ask(
    ours.reader,
    `{ webhookEndpoint(id: "${first.id}") { duplicates } }`,
  );
  expect(webhookEndpoint.duplicates).toEqual([second.id]);
});

test('an account has at most 100 endpoints', async () => {
  const { instance, theirs } = world;
  const mutation = `mutation { createWebhookEndpoint(input: { url: "${url}" }) { id } }`;
  for (let index = 0; index < 100; index++) await instance.ask(theirs.admin, mutation);
  const { errors } = await instance.query(theirs.admin, mutation);
  expect(errors[0]!.extensions.code).toBe('CONFLICT');
});
