import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream';
import { dropBody } from './drop-body.js';

/**
 * Sends the last part of a response, also where the request has not been read to its end. The rest
 * of the request is read and dropped: the connection's next request comes after it, and some clients
 * read no response before they have sent all of it. A connection that ends with its response stays
 * open until then; otherwise such a client would see a broken connection instead of the response.
 */
export function endWithRequest(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): void {
  if (request.complete || response.shouldKeepAlive) response.end(body);
  else {
    response.write(body);
    finished(request, () => response.end());
  }
  if (request.complete) request.resume();
  else dropBody(request);
}
