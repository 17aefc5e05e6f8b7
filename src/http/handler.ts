import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers a request or calls `next`: a handler for express that needs only what node:http has. */
export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;
