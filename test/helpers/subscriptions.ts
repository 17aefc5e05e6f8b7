import { createClient, type Client } from 'graphql-ws/client';
import WebSocket from 'ws';
import type { GraphQLInstance } from './graphql.js';

export const PING_RECEIVED =
  'subscription ($ids: [ID!]) { pingReceived(sensorIds: $ids) { id flowrate datetime sensor { id name } } }';

/** A graphql-ws client of an instance. */
export function socketClient({ url }: GraphQLInstance, authorization: string | undefined): Client {
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
  { post }: GraphQLInstance,
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
