import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { dropBody } from './drop-body.js';

// Longer than the minute that proxies commonly keep an idle connection, so that they end it, not
// we.
const KEEP_ALIVE_MS = 65_000;
// Connections that arrive at once; the system has a maximum of its own. Beyond it clients try again
// after a second, and then after two, four and eight.
const BACKLOG = 4096;

export function httpUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** An HTTP server that ends without breaking what it has begun. */
export class HttpServer {
  readonly server: Server;
  private readonly responses = new Set<ServerResponse>();
  private readonly sockets = new Set<Socket>();
  private ending = false;

  constructor(listener: RequestListener) {
    const handle: RequestListener = (request, response) => {
      this.track(response);
      if (hasBody(request)) {
        // Before Node would let the rest of it flow.
        response.prependOnceListener('finish', () => {
          if (!request.complete) dropBody(request);
        });
      }
      listener(request, response);
    };
    this.server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, handle);
    // Node answers an Expect that it does not know with 417 and nothing else; it may be ignored.
    this.server.on('checkExpectation', handle);
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** @returns the URL that it listens on */
  async listen(port: number, host: string): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, BACKLOG, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    const { port: actual } = this.server.address() as AddressInfo;
    return httpUrl(host, actual);
  }

  /**
   * Accepts no more requests, lets those in progress finish, and closes the connections that are
   * left after `graceMs`, WebSockets included.
   */
  async close(graceMs: number): Promise<void> {
    this.ending = true;
    // The response tells the client that the connection ends after it.
    for (const response of this.responses) this.endConnectionAfter(response);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    // Node counts as idle only those that have had a request; a browser opens some in advance.
    for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
    const cut = setTimeout(() => {
      for (const socket of this.sockets) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(cut);
  }

  private track(response: ServerResponse): void {
    this.responses.add(response);
    if (this.ending) this.endConnectionAfter(response);
    response.once('close', () => {
      this.responses.delete(response);
      // One whose head was sent before the end began has promised to keep the connection.
      if (this.ending) setImmediate(() => this.server.closeIdleConnections());
    });
  }

  private endConnectionAfter(response: ServerResponse): void {
    if (!response.headersSent) response.shouldKeepAlive = false;
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}
