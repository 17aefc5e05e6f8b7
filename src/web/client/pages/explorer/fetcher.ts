import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { createClient } from 'graphql-ws';
import { goToSignIn } from '../../session.js';
import type { Credential } from './credential.js';

/** Queries and mutations over HTTP, subscriptions over a socket that is opened for them. */
export function createFetcher(credential: Credential | undefined): Fetcher {
  const url = new URL('/graphql', window.location.href).href;
  return createGraphiQLFetcher({
    url,
    headers: { ...credential?.headers },
    enableIncrementalDelivery: false,
    wsClient: createClient({
      url: url.replace(/^http/, 'ws'),
      connectionParams: { ...credential?.connectionParams },
      retryAttempts: 0,
    }),
    fetch: async (input, options) => {
      const response = await window.fetch(input, options);
      if (response.status === 401 && credential?.bySession) goToSignIn();
      return response;
    },
  });
}
