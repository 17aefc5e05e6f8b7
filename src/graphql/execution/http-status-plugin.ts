import type { ApolloServerPlugin } from '@apollo/server';

/**
 * The status of a request that was understood, but not executed: whoever accepts the newer media type gets
 * 400 as from Apollo, others 200, for in `application/json` a status of an intermediary cannot be told apart.
 * https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
export const httpStatusPlugin: ApolloServerPlugin = {
  requestDidStart: ({ request }) => {
    const accept = request.http?.headers.get('accept') ?? '';
    if (accept.includes('application/graphql-response+json')) return Promise.resolve();
    return Promise.resolve({
      willSendResponse: ({ response: { http, body } }) => {
        const refused = body.kind === 'single' && body.singleResult.data === undefined;
        const isRequest = body.kind === 'single' && !body.singleResult.errors?.some(isBadRequest);
        if (http.status === 400 && refused && isRequest) http.status = 200;
        return Promise.resolve();
      },
    });
  },
};

function isBadRequest({ extensions }: { extensions?: Record<string, unknown> }): boolean {
  return extensions?.code === 'BAD_REQUEST';
}
