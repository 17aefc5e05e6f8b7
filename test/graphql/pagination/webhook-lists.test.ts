import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;

beforeAll(async () => {
  world = await createWorld();
  await create(world.theirs.admin);
});

afterAll(() => world.close());

async function create(token: string): Promise<string> {
  const { createWebhookEndpoint } = await world.instance.ask(
    token,
    'mutation { createWebhookEndpoint(input: { url: "https://example.com/" }) { id } }',
  );
  return createWebhookEndpoint.id;
}

test('no list of one account shows another account’s objects', async () => {
  const { instance, ours, theirs } = world;
  const id = await create(ours.admin);
  const { createFlowSensor } = await instance.ask(
    ours.admin,
    'mutation { createFlowSensor(input: { name: "Ours" }) { id } }',
  );
  await instance.ask(
    ours.admin,
    `mutation { recordPings(input: { pings: [
      { sensorId: "${createFlowSensor.id}", datetime: "2026-01-01", flowrate: 1 }] }) { recorded } }`,
  );
  const { sendTestWebhook } = await instance.ask(
    ours.admin,
    `mutation { sendTestWebhook(id: "${id}") { id } }`,
  );
  const lists = `{ webhookEndpoints(first: 50) { totalCount nodes { id
    deliveries(first: 1) { nodes { id } } events(afterSequence: 0) { unnumbered } } } }`;
  const seen = (await instance.ask(ours.reader, lists)).webhookEndpoints;
  expect(seen.nodes).toContainEqual({
    id,
    deliveries: { nodes: [{ id: sendTestWebhook.id }] },
    events: { unnumbered: 1 },
  });
  const foreign = (await instance.ask(theirs.reader, lists)).webhookEndpoints;
  const shown = JSON.stringify(foreign.nodes);
  expect(seen.nodes.some((node: any) => shown.includes(JSON.stringify(node.id)))).toBe(false);
  expect(foreign.totalCount).toBe(1);
});

test('the log of any number of endpoints takes as many statements as that of one', async () => {
  const { instance, ours } = world;
  const statements = async (first: number): Promise<number> => {
    const spy = jest.spyOn(pg.Client.prototype, 'query');
    try {
      const { webhookEndpoints } = await instance.ask(
        ours.reader,
        `{ webhookEndpoints(first: ${first}) { nodes {
          deliveries(first: 2) { totalCount nodes { id endpoint { id } ping { sensor { name } } } }
          events(afterSequence: 0, first: 2) { lastSequence deliveries { sequence } } } } }`,
      );
      expect(webhookEndpoints.nodes).toHaveLength(first);
      const texts = spy.mock.calls.map(([query]: any[]) => query.text ?? query);
      return texts.filter((text) => text.includes('webhook_')).length;
    } finally {
      spy.mockRestore();
    }
  };
  while ((await instance.services.webhooks.count(ours.principal)) < 5) await create(ours.admin);
  expect(await statements(5)).toBe(await statements(1));
});
