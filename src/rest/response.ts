import type { IncomingMessage, ServerResponse } from 'node:http';
import { endWithRequest } from '../http/early-response.js';

/** A response whose body is JSON text already. */
export interface RestResponse {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

export function jsonText(body: string, status = 200): RestResponse {
  return { status, body };
}

export function json(body: unknown, status = 200): RestResponse {
  return jsonText(JSON.stringify(body), status);
}

/** One write of known length. Node leaves the body out where the request was HEAD. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, headers }: RestResponse,
): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  endWithRequest(request, response, body);
}
