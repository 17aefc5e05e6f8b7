import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A span as OTLP has it in JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** 1: internal, 2: server, 3: client */
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

interface ResourceSpans {
  readonly resource: {
    readonly attributes: readonly {
      readonly key: string;
      readonly value: { readonly stringValue?: string };
    }[];
  };
  readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[];
}

export interface Export {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A collector of traces by OTLP over HTTP. */
export class TestCollector {
  readonly exports: Export[] = [];
  /** whether it takes spans without an answer, until it is closed */
  isHanging = false;
  readonly unanswered: ServerResponse[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path, headers } = request;
      const sent = Buffer.concat(chunks);
      const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      this.exports.push({ path, headers, body });
      response.setHeader('Content-Type', headers['content-type'] ?? '');
      if (this.isHanging) this.unanswered.push(response);
      else response.end();
      for (const listener of [...this.listeners]) listener();
    });
  });

  async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** all that was sent as JSON */
  get text(): string {
    return this.exports.map(({ body }) => body.toString()).join('\n');
  }

  get spans(): CollectedSpan[] {
    return this.resources.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
  }

  /** the attributes `service.instance.id` of the processes that sent spans */
  get instances(): Set<string> {
    const attributes = this.resources.flatMap(({ resource }) => resource.attributes);
    const ids = attributes.filter(({ key }) => key === 'service.instance.id');
    return new Set(ids.map(({ value }) => value.stringValue!));
  }

  private get resources(): ResourceSpans[] {
    return this.exports.flatMap(({ body }) => JSON.parse(body.toString()).resourceSpans);
  }

  /** Resolves with what `find` finds, once it finds something. */
  async until<T>(find: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = find();
      if (found) return found;
      await new Promise<void>((resolve) => {
        const listener = () => {
          this.listeners.delete(listener);
          resolve();
        };
        this.listeners.add(listener);
      });
    }
  }

  async close(): Promise<void> {
    // Spans that it refuses for good are not sent again.
    for (const response of this.unanswered) response.writeHead(400).end();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
