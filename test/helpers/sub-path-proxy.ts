import { createServer, request as send, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What nginx does with `location /flow/ { proxy_pass http://127.0.0.1:PORT/; }`: it takes the path
 * off, and has nothing of this server at other paths. With `isKept` it leaves the path in.
 */
export async function startSubPathProxy(
  target: string,
  basePath: string,
  { isKept = false } = {},
): Promise<{ url: string; refused: string[]; close(): Promise<void> }> {
  const refused: string[] = [];
  const { port: targetPort } = new URL(target);
  const forward = (incoming: IncomingMessage) => {
    const { method, url = '', headers } = incoming;
    if (!url.startsWith(`${basePath}/`)) {
      refused.push(url);
      return undefined;
    }
    const path = isKept ? url : url.slice(basePath.length);
    const forwarded = { 'x-forwarded-host': headers.host, 'x-forwarded-proto': 'http' };
    return send({
      host: '127.0.0.1',
      port: targetPort,
      method,
      path,
      headers: { ...headers, ...forwarded },
    });
  };
  const proxy = createServer((incoming, outgoing) => {
    const request = forward(incoming);
    if (!request) {
      outgoing.writeHead(404).end();
      return;
    }
    request.on('response', (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    request.on('error', () => outgoing.destroy());
    incoming.pipe(request);
  });
  proxy.on('upgrade', (incoming: IncomingMessage, socket) => {
    const request = forward(incoming);
    request?.on('upgrade', (response, upstream) => {
      const head = response.rawHeaders.map((text, at) => text + (at % 2 ? '\r\n' : ': ')).join('');
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${head}\r\n`);
      for (const end of [socket, upstream]) end.on('error', () => undefined);
      upstream.pipe(socket).pipe(upstream);
    });
    request?.on('response', () => socket.destroy());
    request?.on('error', () => socket.destroy());
    request?.end();
    if (!request) socket.destroy();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    refused,
    close: () => closed(proxy),
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
