import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { inspect } from './webhook-inspection.js';

const MAX_BODY_BYTES = 1024 * 1024;

export interface WebhookListenerDeps {
  readonly secret: string | undefined;
  /** status of every response; by default 204, or 401 where a signature is wrong */
  readonly status: number | undefined;
  readonly onDelivery: (delivery: { readonly body: string; readonly line: string }) => void;
}

/** Receives deliveries. */
export class WebhookListener {
  private readonly server = createServer((request, response) => {
    this.receive(request, response).catch(() => response.destroy());
  });

  constructor(private readonly deps: WebhookListenerDeps) {}

  /** @returns its URL, with the actual port */
  async listen(port: number, host: string): Promise<string> {
    this.server.listen(port, host);
    await once(this.server, 'listening');
    const { address, port: actualPort } = this.server.address() as AddressInfo;
    return `http://${isIPv6(address) ? `[${address}]` : address}:${actualPort}/`;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') {
      response.writeHead(405, { Allow: 'POST' }).end('Send webhooks by POST.\n');
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) {
        response.writeHead(413, { Connection: 'close' }).end();
        return;
      }
      chunks.push(chunk);
    }
    const { secret, status, onDelivery } = this.deps;
    const body = Buffer.concat(chunks).toString();
    const { line, isGenuine } = inspect(request.headers, body, secret);
    onDelivery({ body, line });
    response.writeHead(status ?? (isGenuine === false ? 401 : 204)).end();
  }
}
