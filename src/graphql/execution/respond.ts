import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { RequestHandler, Response } from 'express';
import type { GraphQLContext } from './context.js';

export interface RespondDeps {
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly contextOf: (response: Response) => GraphQLContext;
  /** after how many milliseconds a client that takes nothing of a large result is cut */
  readonly stallMs: number;
}

/** Lets Apollo execute operations over HTTP, and sends their results: large ones in parts. */
export function respond({ apollo, contextOf, stallMs }: RespondDeps): RequestHandler {
  return async (request, response) => {
    const context = contextOf(response);
    const { url, method } = request;
    const body: unknown = request.body;
    const search = url.includes('?') ? url.slice(url.indexOf('?')) : '';
    try {
      const result = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method, headers: headersOf(request.headers), search, body },
        context: () => Promise.resolve(context),
      });
      for (const [name, value] of result.headers) response.setHeader(name, value);
      response.statusCode = result.status ?? 200;
      // The schema has neither @defer nor @stream.
      if (result.body.kind !== 'complete') throw new TypeError('A result comes in several parts.');
      const { written } = context.execution;
      const { string } = result.body;
      if (written && string === '') await written.sendTo(response, stallMs);
      else sendText(response, string);
    } finally {
      context.execution.parts?.release();
    }
  };
}

/** What `send` of express does of its own costs as much as the rest of a small operation. */
function sendText(response: Response, text: string): void {
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}

function headersOf(headers: Readonly<Record<string, string | string[] | undefined>>): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
