import { createServer, request as send, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands in front of several instances. */
export interface LoadBalancer {
  readonly url: string;
  /** where the instances are; those that it does not name get no more requests */
  use(urls: readonly string[]): void;
  close(): Promise<void>;
}

/**
 * Gives each request to the next instance, and to the one after that if it cannot be connected to,
 * as nginx does by default. A request that was sent is not sent again: that is for its client to do.
 */
export async function startLoadBalancer(): Promise<LoadBalancer> {
  let instances: readonly string[] = [];
  let turn = 0;
  const proxy = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => void forward(Buffer.concat(parts)));

    const forward = async (body: Buffer): Promise<void> => {
      for (const _attempt of instances) {
        const instance = instances[turn++ % instances.length]!;
        try {
          const response = await requestTo(instance, incoming, body);
          outgoing.writeHead(response.statusCode ?? 502, response.headers);
          response.on('error', () => outgoing.destroy());
          response.pipe(outgoing);
          return;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') break;
        }
      }
      outgoing.writeHead(502).end();
    };
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    use: (urls) => {
      instances = [...urls];
    },
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  };
}

function requestTo(
  url: string,
  { method, url: path, headers }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    send({ hostname, port, method, path, headers, agent: false }, resolve)
      .on('error', reject)
      .end(body);
  });
}
