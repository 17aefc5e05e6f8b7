import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers a request or goes on: what express takes too, of what node alone gives. */
export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;
