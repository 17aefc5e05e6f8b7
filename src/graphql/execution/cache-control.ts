import type { ApolloServerPlugin } from '@apollo/server';

/** The names of fields that hold a secret: an endpoint's `secret` and a new token's `key`. */
const SECRET_FIELD = /\b(secret|key)\b/;

/**
 * No response may be cached. One that may hold a secret is not compressed either: beside text that
 * others control, such as an endpoint's response, its length would reveal the secret (BREACH).
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
