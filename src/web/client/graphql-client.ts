import { Kind } from 'graphql';
import { createClient as createSocket } from 'graphql-ws';
import {
  Client,
  fetchExchange,
  makeOperation,
  mapExchange,
  subscriptionExchange,
  type CombinedError,
  type Operation,
} from 'urql';
import { unitVariables } from './display-units.js';
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
      onOperation: inUserUnits,
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

/** Gives documents that have variables for units those of the user. */
function inUserUnits(operation: Operation): Operation {
  const [definition] = operation.query.definitions;
  const declared =
    definition?.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [];
  const names = new Set(declared.map(({ variable }) => variable.name.value));
  const units = Object.entries(unitVariables).filter(([name]) => names.has(name));
  if (units.length === 0) return operation;
  const variables = { ...operation.variables, ...Object.fromEntries(units) };
  return makeOperation(operation.kind, { ...operation, variables }, operation.context);
}

function isUnauthenticated({ response, graphQLErrors }: CombinedError): boolean {
  const status = (response as Response | undefined)?.status;
  return (
    status === 401 || graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')
  );
}
