import { createClient as createSocket } from 'graphql-ws';
import { Client, fetchExchange, mapExchange, subscriptionExchange, type CombinedError } from 'urql';
import { probeServer, reportReachable } from './connection.js';
import { csrfToken, endSession } from './session.js';
import { absoluteAddress, serverAddress } from './server-address.js';

const socket = createSocket({
  url: absoluteAddress('/graphql').replace(/^http/, 'ws'),
  lazy: true,
  retryAttempts: Infinity,
  shouldRetry: () => true,
});

/** Signed in by the session cookie. It has no cache: a page loads its data when it is opened. */
export const client = new Client({
  url: serverAddress('/graphql'),
  preferGetMethod: false,
  fetchOptions: () => ({ headers: { 'X-CSRF-Token': csrfToken() } }),
  exchanges: [
    mapExchange({
      onResult: (result) => {
        if (!result.error?.networkError) reportReachable(true);
      },
      onError: (error) => {
        if (isUnauthenticated(error)) endSession();
        else if (error.networkError) void probeServer();
      },
    }),
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe({ query, variables: variables ?? {} }, sink),
        }),
      }),
    }),
  ],
});

function isUnauthenticated({ response, graphQLErrors }: CombinedError): boolean {
  const status = (response as Response | undefined)?.status;
  return (
    status === 401 || graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')
  );
}
