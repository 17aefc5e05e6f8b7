import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';

/** Refuses subscriptions over plain HTTP: one answer cannot carry their events. */
export const refuseSubscriptions: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ operation }) => {
        if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return Promise.resolve();
        throw new GraphQLError(
          'Subscriptions come over WebSocket (graphql-transport-ws), or by POST with Accept: text/event-stream.',
          { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } },
        );
      },
    }),
};
