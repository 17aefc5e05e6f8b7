import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../http/log.js';
import type { TracingConfig } from '../opentelemetry/config.js';
import { startSpan, traceWith, type SpanDetails } from '../tracing/tracing.js';
import { routeTemplate } from './route-template.js';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);

/**
 * Traces what the process does from now on. The SDK is loaded only here.
 * @returns a function that exports what is left and ends it
 */
export async function startTracing(
  config: TracingConfig,
  version: string,
  log: Log,
): Promise<() => Promise<void>> {
  const { OpenTelemetryTracer } = await import('../opentelemetry/tracer.js');
  const tracer = new OpenTelemetryTracer(config, {
    version,
    warn: (cause) => log.warn({ cause }, 'traces could not be exported'),
  });
  traceWith(tracer);
  return () => {
    traceWith(undefined);
    return tracer.close();
  };
}

/**
 * To be called with each request before its URL is changed. A stream has no span, which would be as
 * long as it.
 * @returns how to begin it, which is within its span where requests are traced
 */
export function traceRequest(
  request: IncomingMessage,
  response: ServerResponse,
): (begin: () => void) => void {
  const span = request.headers.accept?.includes('text/event-stream')
    ? undefined
    : startSpan(() => requestSpan(request));
  if (!span) return (begin) => begin();
  response.once('close', () => {
    const { statusCode, headersSent } = response;
    if (headersSent) span.set({ 'http.response.status_code': statusCode });
    if (!headersSent) span.fail('client_gone');
    else if (statusCode >= 500) span.fail(String(statusCode));
    span.end();
  });
  return (begin) => span.run(begin);
}

function requestSpan({ method = '', url = '', headers }: IncomingMessage): SpanDetails {
  const route = routeTemplate(url);
  const known = METHODS.has(method) ? method : '_OTHER';
  const { traceparent, tracestate } = headers;
  return {
    name: `${known === '_OTHER' ? 'HTTP' : known} ${route}`,
    kind: 'SERVER',
    attributes: { 'http.request.method': known, 'http.route': route },
    parent: {
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
      tracestate: typeof tracestate === 'string' ? tracestate : undefined,
    },
  };
}
