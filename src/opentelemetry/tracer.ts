import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import {
  defaultTextMapGetter,
  diag,
  DiagLogLevel,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  type Context,
  type Link,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ConsoleSpanExporter,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import type { SpanDetails, TraceHeaders, Tracer } from '../tracing/tracing.js';
import type { TracingConfig } from './config.js';
import { OpenTelemetrySpan } from './span.js';

// A collector that is away fails every few seconds.
const WARNING_INTERVAL_MS = 60_000;
// What is left then is lost: the process has to end in time.
const FLUSH_TIMEOUT_MS = 1000;

const propagator = new W3CTraceContextPropagator();

export interface TracerOptions {
  readonly version: string;
  /** called when spans could not be exported, at most once a minute */
  readonly warn: (message: string) => void;
}

/** Makes spans with the SDK of OpenTelemetry, which its standard variables set. */
export class OpenTelemetryTracer implements Tracer {
  private readonly storage = new AsyncLocalStorage<OpenTelemetrySpan>();
  private readonly provider: BasicTracerProvider;
  private readonly tracer;

  constructor(config: TracingConfig, { version, warn }: TracerOptions) {
    diag.setLogger(warningsOnly(warn), {
      logLevel: DiagLogLevel.WARN,
      suppressOverrideMessage: true,
    });
    const own = {
      'service.name': 'flowgate',
      'service.version': version,
      'service.instance.id': randomUUID(),
    };
    this.provider = new BasicTracerProvider({
      resource: defaultResource()
        .merge(resourceFromAttributes(own))
        .merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(exporterOf(config))],
    });
    this.tracer = this.provider.getTracer('flowgate', version);
  }

  get current(): OpenTelemetrySpan | undefined {
    return this.storage.getStore();
  }

  start({ name, kind = 'INTERNAL', attributes, parent, links }: SpanDetails): OpenTelemetrySpan {
    const from = parent ? contextOf(parent) : (this.current?.context ?? ROOT_CONTEXT);
    const options = {
      kind: SpanKind[kind],
      ...(attributes && { attributes }),
      ...(links && { links: links.flatMap(linkTo) }),
    };
    const span = this.tracer.startSpan(name, options, from);
    return new OpenTelemetrySpan(span, trace.setSpan(from, span), this.storage);
  }

  detached<T>(work: () => T): T {
    return this.storage.exit(work);
  }

  /** Exports what has ended, within a second. */
  async close(): Promise<void> {
    const timeout = new AbortController();
    await Promise.race([
      this.provider.shutdown().catch(() => undefined),
      new Promise((resolve) => {
        const timer = setTimeout(resolve, FLUSH_TIMEOUT_MS);
        timeout.signal.addEventListener('abort', () => clearTimeout(timer));
      }),
    ]);
    timeout.abort();
    this.storage.disable();
    diag.disable();
  }
}

function exporterOf({ exporter, protocol }: TracingConfig): SpanExporter {
  if (exporter === 'console') return new ConsoleSpanExporter();
  return protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter();
}

function contextOf(headers: TraceHeaders): Context {
  return propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
}

function linkTo(traceparent: string): Link[] {
  const context = trace.getSpanContext(contextOf({ traceparent }));
  return context && isSpanContextValid(context) ? [{ context }] : [];
}

/** The messages are the SDK's, such as why a collector did not take spans. */
function warningsOnly(warn: (message: string) => void) {
  let quietUntil = -Infinity;
  const report = (message: string) => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + WARNING_INTERVAL_MS;
    warn(message);
  };
  const silent = () => undefined;
  return { error: report, warn: report, info: silent, debug: silent, verbose: silent };
}
