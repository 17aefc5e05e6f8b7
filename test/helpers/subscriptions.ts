import { createClient, type Client } from 'graphql-ws/client';
import WebSocket from 'ws';
import { createWorld, startGraphQL, type GraphQLInstance, type GraphQLWorld } from './graphql.js';

export const PING_RECEIVED =
  'subscription ($ids: [ID!]) { pingReceived(sensorIds: $ids) { id flowrate datetime sensor { id name } } }';

/** A graphql-ws client of an instance. */
export function socketClient(
  { url }: Pick<GraphQLInstance, 'url'>,
  authorization: string | undefined,
): Client {
  return createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
    ...(authorization !== undefined && { connectionParams: { Authorization: authorization } }),
  });
}

/** The results of a subscription over server-sent events, after it has begun. */
export async function eventsOf(
  { post }: Pick<GraphQLInstance, 'post'>,
  token: string,
  query: string,
  variables: object = {},
): Promise<AsyncGenerator<any>> {
  const response = await post(JSON.stringify({ query, variables }), {
    Authorization: `Token ${token}`,
    Accept: 'text/event-stream',
  });
  if (response.status !== 200) throw new Error(await response.text());
  return read(response.body!);
}

async function* read(body: ReadableStream<Uint8Array>): AsyncGenerator<any> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop()!;
    for (const event of events) {
      const [, kind] = /^event: (\w+)$/m.exec(event) ?? [];
      const [, data] = /^data: (.*)$/m.exec(event) ?? [];
      if (kind === 'complete') return;
      if (kind === 'next') yield JSON.parse(data!);
    }
  }
}

/** Subscribes, and waits until the subscription has begun. */
export const WAYS = {
  WebSocket: async (instance: GraphQLInstance, token: string, variables: object = {}) => {
    const client = socketClient(instance, `Token ${token}`);
    const { transport } = instance;
    const before = transport.subscriptionCount;
    const results = client.iterate({ query: PING_RECEIVED, variables: variables as never });
    const first = results.next();
    // It may end before a test asks for it.
    first.catch(() => undefined);
    // The protocol says only that the connection is accepted, not when a subscription begins.
    while (transport.subscriptionCount === before)
      await new Promise((resolve) => setImmediate(resolve));
    let isFirst = true;
    const next = (): Promise<IteratorResult<any>> => {
      const result = isFirst ? first : results.next();
      isFirst = false;
      return result;
    };
    return { next, end: () => client.dispose() };
  },
  'server-sent events': async (
    instance: GraphQLInstance,
    token: string,
    variables: object = {},
  ) => {
    // The answer's head is sent when it has begun.
    const results = await eventsOf(instance, token, PING_RECEIVED, variables);
    return { next: () => results.next(), end: () => results.return(undefined) };
  },
};

interface Results {
  next(): Promise<IteratorResult<any>>;
}

export async function take(results: Results, count: number): Promise<any[]> {
  const taken: any[] = [];
  while (taken.length < count) taken.push((await results.next()).value);
  return taken;
}

export function flowrates(results: any[]): number[] {
  return results.map(({ data }) => data.pingReceived.flowrate);
}

/** Two instances on one database, and what makes pings come in through either. */
export interface Pair extends GraphQLWorld {
  readonly second: GraphQLInstance;
  newSensor(owner?: GraphQLWorld['ours'], name?: string): Promise<number>;
  /** a minute apart, never at an instant that there was before */
  record(
    instance: GraphQLInstance,
    sensorId: number,
    flowrates: number[],
    owner?: GraphQLWorld['ours'],
  ): Promise<unknown>;
}

export async function createPair(): Promise<Pair> {
  const world = await createWorld();
  const second = await startGraphQL(world.test);
  let minute = 0;
  return {
    ...world,
    second,
    newSensor: async (owner = world.ours, name = 'sensor') =>
      (await world.instance.services.sensors.create(owner.principal, { name })).id,
    record: (instance, sensorId, readings, owner = world.ours) =>
      instance.services.pings.record(
        owner.principal,
        readings.map((flowrate) => ({
          sensorId,
          flowrate,
          datetime: new Date(Date.UTC(2020, 0, 1, 0, minute++)),
        })),
        { onConflict: 'REJECT' },
      ),
    close: async () => {
      await second.close();
      await world.close();
    },
  };
}
