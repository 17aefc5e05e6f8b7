import type { Request, RequestHandler } from 'express';
import { NotFoundError } from '../domain/errors.js';
import { requireScope } from '../domain/principal.js';
import type { Gate } from '../http/gate.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { json, jsonText, send, type Answer } from './answer.js';
import { errorAnswer, methodNotAllowed, SERVER_ERROR } from './errors.js';
import type { BodyLimits, RestDomain } from './exchange.js';
import { JSON_TYPE } from './media-type.js';
import { OPENAPI } from './openapi/document.js';
import { Router } from './router.js';
import { allowed, ROUTES, type Route } from './routes.js';

export const PREFIX = '/api/v1';

export interface RestParts {
  readonly domain: RestDomain;
  readonly gate: Gate;
  readonly origin: RequestOrigin;
  readonly limits: BodyLimits;
  /** told of whatever is the server's own fault */
  readonly onError: (error: unknown, request: Request) => void;
}

/** The documented API: whatever lies under `/api/v1`, where it is to be mounted. */
export function createRest(parts: RestParts): RequestHandler {
  const router = new Router(ROUTES);
  const openapi = jsonText(JSON.stringify(OPENAPI));
  const { domain, gate, origin, limits, onError } = parts;

  return (request, response) => {
    void answerTo(request).then((answer) => send(response, answer));
  };

  async function answerTo(request: Request): Promise<Answer> {
    try {
      return await route(request);
    } catch (error) {
      const answer = errorAnswer(error);
      // Of a client that went away in the middle of its request there is nobody to answer.
      if (!answer && !(request.destroyed && !request.complete)) onError(error, request);
      if (answer?.status !== 401) return answer ?? SERVER_ERROR;
      return { ...answer, headers: { 'WWW-Authenticate': gate.challenges(request.headers) } };
    }
  }

  async function route(request: Request): Promise<Answer> {
    const { path, query } = target(request);
    if (path === OPENAPI_ROUTE.path) return describe(request);
    const principal = await gate.admit(request);
    const match = router.match(path);
    if (!match) {
      if (router.match(`${path}/`)) return redirect(request, `${PREFIX}/${path}/`, query);
      throw new NotFoundError();
    }
    const { route, parameters } = match;
    if (request.method === 'OPTIONS') return description(route);
    const handler = handlerOf(route, request.method);
    requireScope(principal, request.method === 'POST' ? 'INGEST' : 'READ');
    const url = `${origin.base(request)}${PREFIX}/${path}`;
    const address = { url, query: new URLSearchParams(query) };
    return handler({ request, principal, parameters, address, domain, limits });
  }

  function describe({ method }: Request): Answer {
    if (method === 'OPTIONS') return description(OPENAPI_ROUTE);
    handlerOf(OPENAPI_ROUTE, method);
    return openapi;
  }
}

const OPENAPI_ROUTE = {
  path: 'openapi.json',
  name: 'OpenAPI',
  description: 'Describes this API.',
  get: true,
  parses: [JSON_TYPE],
} as const;

/** What follows the prefix, and after a `?` the query. */
function target({ originalUrl }: Request): { path: string; query: string } {
  // A request to a proxy names the host before its path.
  const [path = '', ...query] = originalUrl.replace(/^https?:\/\/[^/?]*/i, '').split('?');
  return { path: path.slice(PREFIX.length + 1), query: query.join('?') };
}

function redirect({ method }: Request, path: string, query: string): Answer {
  const isRead = method === 'GET' || method === 'HEAD';
  const headers = { Location: query ? `${path}?${query}` : path };
  return { status: isRead ? 301 : 308, body: '', headers };
}

/** @throws HttpError 405 */
function handlerOf<H>(route: { get?: H; post?: H }, method: string): H {
  const handler = { GET: route.get, HEAD: route.get, POST: route.post }[method];
  if (!handler) throw methodNotAllowed(method, allowed(route));
  return handler;
}

function description(
  route: Omit<Route, 'get' | 'post'> & { get?: unknown; post?: unknown },
): Answer {
  const { name, description, parses } = route;
  const body = json({ name, description, renders: [JSON_TYPE], parses });
  return { ...body, headers: { Allow: allowed(route) } };
}
