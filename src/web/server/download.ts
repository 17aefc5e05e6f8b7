import type { Request, Response } from 'express';
import type { Principal } from '../../domain/shared/principal.js';
import { taken } from '../../http/taken.js';

export interface DownloadDeps {
  readonly authenticator: { watch(principal: Principal, onEnd: () => void): () => void };
  /** after how many milliseconds a client that takes nothing is cut */
  readonly stallMs: number;
}

/** Ends the work for a client that is gone. */
export class ClientGone extends Error {}

/**
 * Sends a file as fast as its client takes it. A client that takes nothing for too long is cut, and
 * so is one whose credential ends: the connection breaks, so that no part passes for the whole.
 */
export async function download(
  { request, response, principal, name }: Download,
  { authenticator, stallMs }: DownloadDeps,
  produce: (write: (chunk: string | Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  if (request.method === 'HEAD') {
    attach(response, name);
    response.end();
    return;
  }
  const unwatch = authenticator.watch(principal, () => response.destroy());
  try {
    await produce(async (chunk) => {
      if (!response.headersSent) attach(response, name);
      await write(response, chunk, stallMs);
    });
    response.end();
    await takenInTime(response, 'finish', stallMs);
  } finally {
    unwatch();
  }
}

export interface Download {
  readonly request: Request;
  readonly response: Response;
  readonly principal: Principal;
  /** of the file */
  readonly name: string;
}

export function attach(response: Response, name: string): void {
  // The type follows from the name.
  response.set('Cache-Control', 'no-store').attachment(name);
}

/** @throws ClientGone */
async function write(
  response: Response,
  chunk: string | Uint8Array,
  stallMs: number,
): Promise<void> {
  if (response.destroyed) throw new ClientGone();
  if (!response.write(chunk)) await takenInTime(response, 'drain', stallMs);
}

/** Waits until the client has taken what was written. @throws ClientGone */
async function takenInTime(response: Response, event: 'drain' | 'finish', stallMs: number) {
  const { socket } = response;
  // Node counts time only while nothing is taken, and then destroys the socket.
  socket?.setTimeout(stallMs);
  await taken(response, event);
  socket?.setTimeout(0);
  if (response.destroyed && !response.writableFinished) throw new ClientGone();
}
