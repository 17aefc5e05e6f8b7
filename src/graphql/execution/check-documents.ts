import type { Request, RequestHandler } from 'express';
import type { GraphQLFormattedError } from 'graphql';
import { RateLimitedError } from '../../domain/shared/errors.js';
import type { Principal } from '../../domain/shared/principal.js';
import { hasOnlyQueries, type CheckedDocument, type Documents } from './documents.js';
import { contentType, refuse } from './refuse-request.js';
import { requestError } from './request-error.js';

// Among media types that are accepted equally, the first is used.
const STREAM = 'text/event-stream';
const ANSWERS = ['application/json', 'application/graphql-response+json', STREAM];

export interface CheckDocumentsDeps {
  readonly documents: Documents;
  readonly format: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

/** Refuses operations whose document cannot be executed, before Apollo sees them. */
export function checkDocuments({ documents, format }: CheckDocumentsDeps): RequestHandler {
  return async (request, response, next) => {
    const query = queryOf(request);
    if (query === undefined) {
      next();
      return;
    }
    const principal = response.locals.principal as Principal;
    let checked: CheckedDocument;
    try {
      checked = await documents.check(principal, query);
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
      refuse(request, response, error, []);
      return;
    }
    if ('document' in checked) {
      response.locals.onlyReads = hasOnlyQueries(checked.document);
      next();
      return;
    }
    const errors = checked.errors.map((error) => format(error.toJSON(), error));
    const isJson =
      contentType(request).startsWith(ANSWERS[0]!) && request.accepts(ANSWERS) !== STREAM;
    response
      .status(isJson ? 200 : 400)
      .set({ 'content-type': contentType(request), 'cache-control': 'no-store' })
      .end(JSON.stringify({ errors }));
  };
}

/** The document of a request that is well-formed. */
function queryOf({ method, body, query: parameters }: Request): string | undefined {
  if (method === 'GET') {
    const { query } = parameters;
    return typeof query === 'string' && query !== '' ? query : undefined;
  }
  if (method !== 'POST' || requestError(body) !== undefined) return undefined;
  return (body as { query: string }).query || undefined;
}
