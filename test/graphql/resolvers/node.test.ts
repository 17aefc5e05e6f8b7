import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
let sensorId: number;
let nodeIds: Record<string, string>;

const NODE = `query ($nodeId: ID!) { node(nodeId: $nodeId) { __typename nodeId
  ... on FlowSensor { id name } ... on Ping { id flowrate sensor { name } }
  ... on WebhookEndpoint { id url } ... on WebhookDelivery { id eventType } } }`;

beforeAll(async () => {
  world = await createWorld();
  const { sensors, pings, webhooks, webhookDeliveries } = world.instance.services;
  const { principal, admin } = world.ours;
  sensorId = (await sensors.create(principal, { name: 'north' })).id;
  const datetime = new Date('2026-01-01T00:00:00.123Z');
  await pings.record(principal, [{ sensorId, datetime, flowrate: 7 }], { onConflict: 'REJECT' });
  const endpoint = await webhooks.create(principal, { url: 'http://127.0.0.1:1/hook' });
  await webhookDeliveries.sendTest(principal, endpoint.id);
  const data = await world.instance.ask(
    admin,
    `{ flowSensor(id: ${sensorId}) { nodeId lastPing { nodeId } }
       webhookEndpoint(id: ${endpoint.id}) { nodeId deliveries { nodes { nodeId } } } apiTokens { nodeId } }`,
  );
  nodeIds = {
    FlowSensor: data.flowSensor.nodeId,
    Ping: data.flowSensor.lastPing.nodeId,
    WebhookEndpoint: data.webhookEndpoint.nodeId,
    WebhookDelivery: data.webhookEndpoint.deliveries.nodes[0].nodeId,
    ApiToken: data.apiTokens[0].nodeId,
  };
});
afterAll(() => world.close());

describe('Node ids', () => {
  test('node ids are unique among all types', () => {
    expect(new Set(Object.values(nodeIds)).size).toBe(5);
  });

  test.each([
    ['FlowSensor', { name: 'north' }],
    ['Ping', { flowrate: 7, sensor: { name: 'north' } }],
    ['WebhookEndpoint', { url: 'http://127.0.0.1:1/hook' }],
    ['WebhookDelivery', { eventType: 'ping_received' }],
  ])('a %s is found by its node id, also once the query is compiled', async (type, fields) => {
    const nodeId = nodeIds[type]!;
    for (let round = 0; round < 3; round++) {
      const { node } = await world.instance.ask(world.ours.reader, NODE, { nodeId });
      expect(node).toMatchObject({ __typename: type, nodeId, ...fields });
    }
  });

  test('node ids of another account or another type, or made up, find nothing', async () => {
    const encode = (text: string) => Buffer.from(text).toString('base64url');
    for (const [type, nodeId] of Object.entries(nodeIds)) {
      const theirs = await world.instance.ask(world.theirs.admin, NODE, { nodeId });
      expect([type, theirs.node]).toEqual([type, null]);
    }
    for (const nodeId of [
      'x',
      '',
      nodeIds.ApiToken!,
      encode('FlowSensor'),
      encode('FlowSensor:'),
      encode('FlowSensor:1e0'),
      encode('constructor:1'),
      encode(`Ping:${sensorId}:x:1`),
      encode(`Ping:${sensorId}:999999999999999:1`),
      encode(`Ping:${sensorId}:${Date.UTC(2026, 0, 1) + 123}:999`),
      encode('WebhookDelivery:x'),
    ]) {
      const { node } = await world.instance.ask(world.ours.admin, NODE, { nodeId });
      expect([nodeId, node]).toEqual([nodeId, null]);
    }
  });
});

test('pingRevisions is paged backwards as well as forwards', async () => {
  const { sensors, pings } = world.instance.services;
  const { principal, reader } = world.ours;
  const { id } = await sensors.create(principal, { name: 'corrected' });
  const datetime = new Date('2026-01-01');
  for (let flowrate = 0; flowrate <= 5; flowrate++) {
    await pings.record(principal, [{ sensorId: id, datetime, flowrate }], {
      onConflict: 'OVERWRITE',
    });
  }
  const page = async (args: string) => {
    const query = `{ flowSensor(id: ${id}) { pingRevisions(${args}) { totalCount
      pageInfo { hasNextPage hasPreviousPage } edges { cursor node { newFlowrate } } } } }`;
    const { pingRevisions } = (await world.instance.ask(reader, query)).flowSensor;
    const { edges, pageInfo } = pingRevisions;
    return {
      flowrates: edges.map(({ node }: any) => node.newFlowrate),
      cursors: edges.map(({ cursor }: any) => cursor),
      pages: [pageInfo.hasPreviousPage, pageInfo.hasNextPage],
    };
  };
  const all = await page('first: 10');
  expect(all).toMatchObject({ flowrates: [5, 4, 3, 2, 1], pages: [false, false] });
  expect(await page('last: 2')).toMatchObject({ flowrates: [2, 1], pages: [true, false] });
  expect(await page(`last: 2, before: "${all.cursors[3]}"`)).toMatchObject({
    flowrates: [4, 3],
    pages: [true, true],
  });
  expect(await page(`last: 5, before: "${all.cursors[1]}"`)).toMatchObject({
    flowrates: [5],
    pages: [false, true],
  });
  expect(await page(`first: 2, after: "${all.cursors[0]}"`)).toMatchObject({
    flowrates: [4, 3],
    pages: [true, true],
  });
});
