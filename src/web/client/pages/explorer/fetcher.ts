import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { createClient } from 'graphql-ws';
import type { Credential } from './credential.js';
import { absoluteAddress } from '../../server-address.js';

/** Queries and mutations over HTTP, subscriptions over a socket that is opened for them. */
export function createFetcher(credential: Credential | undefined): Fetcher {
  const url = absoluteAddress('/graphql');
  return createGraphiQLFetcher({
    url,
    enableIncrementalDelivery: false,
    wsClient: createClient({
      url: url.replace(/^http/, 'ws'),
      connectionParams: { ...credential?.connectionParams },
      retryAttempts: 0,
    }),
    fetch: async (input, options) => {
      const headers = new Headers(options?.headers);
      for (const [name, value] of Object.entries(credential?.headers() ?? {})) {
        headers.set(name, value);
      }
      const response = await window.fetch(input, { ...options, headers });
      if (response.status === 401) credential?.onRefused?.();
      return response;
    },
  });
}
