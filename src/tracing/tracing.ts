/** What a span tells besides its name and its times: never what a user or a sensor sent. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** The headers of W3C Trace Context (https://www.w3.org/TR/trace-context/). */
export interface TraceHeaders {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

export interface SpanDetails {
  readonly name: string;
  /** SERVER: a request that came in; CLIENT: one that is sent, to the database too */
  readonly kind?: 'SERVER' | 'CLIENT' | 'INTERNAL';
  readonly attributes?: Attributes;
  /** what caused it, where that is not the current span; without a valid `traceparent` a trace begins */
  readonly parent?: TraceHeaders;
  /** the `traceparent` of what else caused it */
  readonly links?: readonly string[];
}

export interface Span {
  /** by which another process continues the trace */
  readonly traceparent: string | undefined;
  /** false once it has ended, and where its trace is not sampled */
  readonly isRecording: boolean;
  /** Runs work whose spans are children of this one. */
  run<T>(work: () => T): T;
  set(attributes: Attributes): void;
  /** @param type a bounded name of the error, not its message, which may have values in it */
  fail(type: string): void;
  end(): void;
}

/** What makes spans. */
export interface Tracer {
  readonly current: Span | undefined;
  start(details: SpanDetails): Span;
  /** Runs work that no current span causes. */
  detached<T>(work: () => T): T;
}

const NO_SPAN: Span = {
  traceparent: undefined,
  isRecording: false,
  run: (work) => work(),
  set: () => undefined,
  fail: () => undefined,
  end: () => undefined,
};

// One for the process, as the measurements are; without it nothing is traced.
let tracer: Tracer | undefined;

/** @param next undefined where nothing is to be traced */
export function traceWith(next: Tracer | undefined): void {
  tracer = next;
}

/** Undefined where nothing is traced. @param details is called only where something is */
export function startSpan(details: () => SpanDetails): Span | undefined {
  return tracer?.start(details());
}

/** Runs work within a span, which fails where the work does. */
export function inSpan<T>(
  details: () => SpanDetails,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer ? runIn(tracer.start(details()), work) : work(NO_SPAN);
}

/** The same where there is a current span that has not ended: alone it would tell nothing. */
export function inChildSpan<T>(details: () => SpanDetails, work: () => Promise<T>): Promise<T> {
  return tracer?.current?.isRecording ? runIn(tracer.start(details()), work) : work();
}

/** Of the current span; undefined where there is none. */
export function currentTraceparent(): string | undefined {
  return tracer?.current?.traceparent;
}

/** Runs work that goes on for others too, such as that of a queue. */
export function detached<T>(work: () => T): T {
  return tracer ? tracer.detached(work) : work();
}

async function runIn<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await span.run(() => work(span));
  } catch (error) {
    span.fail(typeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** The code of an error that has one, such as the SQLSTATE, else the name of its class. */
function typeOf(error: unknown): string {
  const { code, name = 'Error' } = (error ?? {}) as { code?: unknown; name?: string };
  return typeof code === 'string' ? code : name;
}
