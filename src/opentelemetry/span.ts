import type { AsyncLocalStorage } from 'node:async_hooks';
import { SpanStatusCode, TraceFlags, type Context, type Span } from '@opentelemetry/api';
import type { Attributes, Span as TracedSpan } from '../tracing/tracing.js';

/** A span of OpenTelemetry that is current while its work runs. */
export class OpenTelemetrySpan implements TracedSpan {
  constructor(
    private readonly span: Span,
    /** with the span in it */
    readonly context: Context,
    private readonly current: AsyncLocalStorage<OpenTelemetrySpan>,
  ) {}

  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.span.spanContext();
    const flags = traceFlags & TraceFlags.SAMPLED ? '01' : '00';
    return `00-${traceId}-${spanId}-${flags}`;
  }

  get isRecording(): boolean {
    return this.span.isRecording();
  }

  run<T>(work: () => T): T {
    return this.current.run(this, work);
  }

  set(attributes: Attributes): void {
    this.span.setAttributes(attributes);
  }

  fail(type: string): void {
    this.span.setAttribute('error.type', type);
    this.span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.span.end();
  }
}
