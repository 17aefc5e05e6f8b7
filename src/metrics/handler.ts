import type { RequestListener } from 'node:http';
import { Registry } from 'prom-client';

const PLAIN = { 'Content-Type': 'text/plain; charset=utf-8' };

/** Serves what `read` resolves to, which is in the text format of Prometheus, at /metrics. */
export function metricsHandler(read: () => Promise<string>): RequestListener {
  return (request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== '/metrics') {
      response.writeHead(404, PLAIN).end('The metrics are at /metrics.\n');
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { ...PLAIN, Allow: 'GET, HEAD' }).end();
    } else {
      void read().then(
        (text) => {
          response.writeHead(200, { 'Content-Type': Registry.PROMETHEUS_CONTENT_TYPE });
          response.end(text);
        },
        () => response.writeHead(500, PLAIN).end('A server error occurred.\n'),
      );
    }
  };
}
