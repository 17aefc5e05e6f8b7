import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers a request or goes on: what express takes too, of what node alone gives. */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;
