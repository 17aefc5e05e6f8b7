import type { ApolloServerPlugin } from '@apollo/server';

/**
 * The status of a request that is well-formed but was not executed: 400, as Apollo has it, for
 * clients that accept the newer media type. Others get 200, because with `application/json` a
 * client cannot distinguish the server's status from an intermediary's.
 * https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
export const httpStatusPlugin: ApolloServerPlugin = {
  requestDidStart: ({ request }) => {
    const accept = request.http?.headers.get('accept') ?? '';
    if (accept.includes('application/graphql-response+json')) return Promise.resolve();
    return Promise.resolve({
      willSendResponse: ({ response: { http, body } }) => {
        const isRefused = body.kind === 'single' && body.singleResult.data === undefined;
        const isWellFormed =
          body.kind === 'single' && !body.singleResult.errors?.some(isBadRequest);
        if (http.status === 400 && isRefused && isWellFormed) http.status = 200;
        return Promise.resolve();
      },
    });
  },
};

function isBadRequest({ extensions }: { extensions?: Record<string, unknown> }): boolean {
  return extensions?.code === 'BAD_REQUEST';
}
