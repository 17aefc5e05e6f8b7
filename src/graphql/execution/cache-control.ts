import type { ApolloServerPlugin } from '@apollo/server';

/** The fields that hold a secret: an endpoint's, and a new token's key. */
const SECRET_FIELD = /\b(secret|key)\b/;

/**
 * No answer is kept by a cache. One that may hold a secret is compressed by nobody: beside what others have a say
 * in, such as what a receiver answered, the secret could be told from the length (BREACH).
 * https://www.rfc-editor.org/rfc/rfc9110#section-17.6
 */
export const cacheControlPlugin: ApolloServerPlugin = {
  requestDidStart: ({ request: { query = '' } }) => {
    const control = SECRET_FIELD.test(query) ? 'no-store, no-transform' : 'no-store';
    return Promise.resolve({
      willSendResponse: ({ response: { http } }) => {
        http.headers.set('cache-control', control);
        return Promise.resolve();
      },
    });
  },
};
