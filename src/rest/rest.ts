import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { NotFoundError } from '../domain/shared/errors.js';
import { requireScope } from '../domain/shared/principal.js';
import type { RequestAuthenticator } from '../http/request-authenticator.js';
import type { BodyBudget } from '../http/body-budget.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { onBehalfOf } from '../http/response-signal.js';
import { json, jsonText, send, type RestResponse } from './response.js';
import { errorResponse, methodNotAllowed, SERVER_ERROR } from './errors.js';
import type { RestDomain } from './request-context.js';
import { ImportSlots } from './imports/slots.js';
import { JSON_TYPE, NDJSON_TYPE } from './media-type.js';
import { OPENAPI } from './openapi/document.js';
import { ProgressLines } from './progress-lines.js';
import { Router } from './router.js';
import { allowed, ROUTES, type Route } from './routes.js';

export const PREFIX = '/api/v1';

/** The list elements and object fields that a body may have beside those of its pings. */
const MAX_VALUES = 20_000;
// Itself and what a client may add to it.
const MAX_VALUES_PER_PING = 20;

export interface RestDeps {
  readonly domain: RestDomain;
  readonly requestAuthenticator: RequestAuthenticator;
  readonly origin: RequestOrigin;
  readonly limits: {
    /** of one body, decoded */
    readonly maxBodyBytes: number;
    readonly maxPings: number;
    /** of a file to import */
    readonly maxImportBytes: number;
    /** after how many milliseconds without a byte of its body a client is cut */
    readonly stallMs: number;
  };
  readonly bodies: BodyBudget;
  /** called with each failure of the server */
  readonly onError: (error: unknown, request: IncomingMessage) => void;
}

/** Whether a request is one for `createRest`. */
export function isRest({ url = '' }: IncomingMessage): boolean {
  return UNDER_PREFIX.test(pathAndQuery(url));
}

/** The documented API: every path under `/api/v1`. */
export function createRest(deps: RestDeps): RequestListener {
  const router = new Router(ROUTES);
  const { domain, requestAuthenticator, origin, bodies, onError } = deps;
  const { maxBodyBytes: maxBytes, maxPings, maxImportBytes, stallMs } = deps.limits;
  const importSlots = new ImportSlots();
  const maxValues = MAX_VALUES + maxPings * MAX_VALUES_PER_PING;
  const servers = OPENAPI.servers.map(({ url }) => ({ url: origin.basePath + url }));
  const openapi = jsonText(JSON.stringify({ ...OPENAPI, servers }));

  return (request, response) => {
    const progress = acceptsLines(request) ? new ProgressLines(response) : undefined;
    void respondTo(request, response, progress).then((result) => {
      if (!progress?.end(result)) send(request, response, result);
    });
  };

  async function respondTo(
    request: IncomingMessage,
    response: ServerResponse,
    progress: ProgressLines | undefined,
  ): Promise<RestResponse> {
    try {
      return await route(request, response, progress);
    } catch (error) {
      const known = errorResponse(error);
      // A client that went away in the middle of its request gets no response.
      if (!known && !(request.destroyed && !request.complete)) onError(error, request);
      if (known?.status !== 401) return known ?? SERVER_ERROR;
      return {
        ...known,
        headers: { 'WWW-Authenticate': requestAuthenticator.challenges(request.headers) },
      };
    }
  }

  async function route(
    request: IncomingMessage,
    response: ServerResponse,
    progress: ProgressLines | undefined,
  ): Promise<RestResponse> {
    const { method = '' } = request;
    const { path, query } = target(request);
    if (path === OPENAPI_ROUTE.path) return describe(request);
    const sender = await requestAuthenticator.authenticate(request);
    const match = router.match(path);
    if (!match) {
      if (router.match(`${path}/`))
        return redirect(request, `${origin.basePath}${PREFIX}/${path}/`, query);
      throw new NotFoundError();
    }
    const { route, parameters } = match;
    if (method === 'OPTIONS') return description(route);
    const handler = handlerOf(route, method);
    requireScope(sender, method === 'POST' ? 'INGEST' : 'READ');
    const url = `${origin.base(request)}${PREFIX}/${path}`;
    const address = { url, query: new URLSearchParams(query) };
    // Kept until the pings are durable, for as long as the parsed body is in memory.
    const share = bodies.open(sender.accountId);
    const limits = { maxBytes, maxValues, maxPings, maxImportBytes, importSlots, share, stallMs };
    const onProgress = progress?.report ?? ignored;
    try {
      const principal = onBehalfOf(sender, response);
      return await handler({ request, principal, parameters, address, domain, limits, onProgress });
    } finally {
      share.release();
    }
  }

  function describe({ method = '' }: IncomingMessage): RestResponse {
    if (method === 'OPTIONS') return description(OPENAPI_ROUTE);
    handlerOf(OPENAPI_ROUTE, method);
    return openapi;
  }
}

function ignored(): void {
  // This client does not ask for progress.
}

function acceptsLines({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes(NDJSON_TYPE) ?? false;
}

const OPENAPI_ROUTE = {
  path: 'openapi.json',
  name: 'OpenAPI',
  description: 'Describes this API.',
  get: true,
  parses: [JSON_TYPE],
} as const;

const UNDER_PREFIX = new RegExp(`^${PREFIX}(?=[/?]|$)`);

/** A request to a proxy names the host before its path. */
function pathAndQuery(url: string): string {
  return url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '');
}

/** The path after the prefix, and the query after the `?`. */
function target({ url = '' }: IncomingMessage): { path: string; query: string } {
  const [path = '', ...query] = pathAndQuery(url).split('?');
  return { path: path.slice(PREFIX.length + 1), query: query.join('?') };
}

function redirect({ method }: IncomingMessage, path: string, query: string): RestResponse {
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
): RestResponse {
  const { name, description, parses } = route;
  const body = json({ name, description, renders: [JSON_TYPE], parses });
  return { ...body, headers: { Allow: allowed(route) } };
}
