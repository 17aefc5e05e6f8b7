import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, fetchExchange, gql } from '@urql/core';
import WebSocket from 'ws';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const authorized = () => ({ Authorization: `Token ${world.ours.reader}` });

describe('Clients', () => {
  test('urql with its defaults, which sends short queries by GET, gets its answer', async () => {
    const client = new Client({
      url: world.instance.url,
      exchanges: [fetchExchange],
      preferGetMethod: 'within-url-limit',
      fetchOptions: { headers: authorized() },
    });
    const { data, error } = await client.query(gql('{ viewer { account } }'), {}).toPromise();
    expect(error).toBeUndefined();
    expect(data).toMatchObject({ viewer: { account: 'ours' } });
  });

  test('a GET without Authorization is refused as before', async () => {
    const response = await fetch(`${world.instance.url}?query={viewer{account}}`);
    expect(response.status).toBe(401);
  });

  test.each([
    ['PUT', {}],
    ['DELETE', {}],
    ['GET', { 'X-GraphQL-Event-Stream-Token': 'x', Accept: 'text/event-stream' }],
    ['GET', { Accept: 'text/event-stream' }],
  ])(
    'graphql-sse in single connection mode is refused with what to use instead: %s %j',
    async (method, headers) => {
      const response = await fetch(world.instance.url, {
        method,
        headers: { ...authorized(), ...(headers as Record<string, string>) },
      });
      expect(response.status).toBe(405);
      expect(response.headers.get('Allow')).toBe('GET, HEAD, POST');
      expect(await response.json()).toMatchObject({
        errors: [{ message: expect.stringContaining('Accept: text/event-stream') }],
      });
    },
  );

  test.each([[['graphql-ws']], [['graphql-ws', 'other']], [[]]])(
    'a WebSocket with the subprotocols %j is closed with 4406, which says what to use',
    async (protocols) => {
      const socket = new WebSocket(world.instance.url.replace('http', 'ws'), protocols);
      const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
      expect(code).toBe(4406);
      expect(String(reason)).toBe('Use the subprotocol graphql-transport-ws.');
    },
  );

  test('a WebSocket that offers graphql-transport-ws among others gets it', async () => {
    const socket = new WebSocket(world.instance.url.replace('http', 'ws'), [
      'graphql-ws',
      'graphql-transport-ws',
    ]);
    await once(socket, 'open');
    expect(socket.protocol).toBe('graphql-transport-ws');
    socket.terminate();
  });
});
