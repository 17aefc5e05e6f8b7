import { request as send, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { HttpServer } from '../../src/http/http-server.js';
import { createLog } from '../../src/http/log.js';
import { FailureLog } from '../../src/composition/failure-log.js';
import type { UpstreamConfig } from '../../src/upstream/upstream-config.js';
import { createMirrors } from '../../src/composition/mirrors.js';
import { createListener } from '../../src/composition/http.js';
import { createMetrics } from '../../src/composition/metrics.js';
import type { Metrics } from '../../src/metrics/metrics.js';
import { createBrokering } from '../../src/composition/brokering.js';
import { RefusalLog } from '../../src/composition/refusal-log.js';
import type { OpenIdConfig } from '../../src/openid/config.js';
import type { MqttConfig } from '../../src/mqtt/config.js';
import type { Domain } from '../../src/composition/domain.js';
import { isDatabaseReady } from '../../src/storage/migrations/readiness.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { createTestDomain } from './domain.js';
import { createTenant, type Tenant } from './graphql.js';

export interface ServerOptions {
  readonly rateLimit?: number;
  readonly maxBodyBytes?: number;
  readonly maxBodyBytesInFlight?: number;
  readonly maxPings?: number;
  readonly maxImportBytes?: number;
  readonly basePath?: string;
  /** whether it is measured */
  readonly hasMetrics?: boolean;
  readonly trustedProxies?: string[];
  readonly corsOrigins?: string[];
  /** after how many milliseconds a client that sends and takes nothing is cut */
  readonly stallMs?: number;
  readonly upstreams?: readonly UpstreamConfig[];
  readonly mqtt?: MqttConfig;
  readonly openId?: OpenIdConfig;
}

/** One instance of the server, whole, on a test database. */
export interface TestServer {
  readonly url: string;
  readonly services: Domain;
  readonly http: HttpServer;
  readonly metrics: Metrics | undefined;
  /** what was logged, a line each */
  readonly log: string[];
  close(): Promise<void>;
}

export async function startServer(
  { database }: TestDatabase,
  options: ServerOptions = {},
): Promise<TestServer> {
  const services = createTestDomain(database, { rateLimit: options.rateLimit ?? 0 });
  const log: string[] = [];
  const logger = createLog('info', { write: (line) => log.push(line) });
  const isReady = () => isDatabaseReady(database.credentials.pool);
  const failures = new FailureLog(logger, isReady);
  const storage = { database, embedded: undefined };
  const metricsPort = options.hasMetrics ? 0 : undefined;
  const metrics = createMetrics(
    { metricsPort, backupDir: undefined },
    { services, storage, version: '1.2.3' },
  );
  const { upstreams = [], mqtt } = options;
  const refusals = new RefusalLog(logger, metrics);
  const brokering =
    mqtt &&
    createBrokering(mqtt, {
      ...{ database, log: logger, services, refusals, metrics, reconnectMs: 20 },
      onError: (error) => failures.report(error),
    });
  const mirrors = createMirrors(upstreams, { database, log: logger, services });
  const listener = await createListener({
    services,
    config: {
      subscriptionLimit: 0,
      accountSubscriptionLimit: 0,
      basePath: '',
      trustedProxies: [],
      corsOrigins: [],
      maxBodyBytes: 32 * 2 ** 20,
      maxBodyBytesInFlight: 2 ** 30,
      maxPings: 100_000,
      maxImportBytes: 64 * 2 ** 20,
      openId: undefined,
      ...options,
    },
    log: logger,
    failures,
    isReady,
    mirrors,
    metrics,
    refusals,
    broker: brokering,
    ...(options.stallMs !== undefined && { stallMs: options.stallMs }),
  });
  const http = new HttpServer(listener.handle);
  listener.attach(http.server);
  const url = await http.listen(0, '127.0.0.1');
  mirrors.start();
  brokering?.start();
  return {
    url,
    services,
    http,
    metrics,
    log,
    close: async () => {
      await mirrors.close();
      await brokering?.close();
      await Promise.all([http.close(0), listener.endStreams()]);
      await listener.close();
      failures.close();
      metrics?.close();
      await services.realtime.close();
      await services.authenticator.close();
    },
  };
}

export interface World {
  readonly test: TestDatabase;
  readonly server: TestServer;
  readonly ours: Tenant;
  readonly theirs: Tenant;
  close(): Promise<void>;
}

/** A database with two accounts, and a server on it. */
export async function createServerWorld(options: ServerOptions = {}): Promise<World> {
  const test = await createTestDatabase();
  const server = await startServer(test, options);
  return {
    test,
    server,
    ours: await createTenant(test, 'ours'),
    theirs: await createTenant(test, 'theirs'),
    close: async () => {
      await server.close();
      await test.drop();
    },
  };
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** as it came, compressed where it was */
  readonly bytes: Buffer;
  readonly text: string;
  readonly body: any;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
}

/**
 * One request, sent exactly as given: unlike fetch, it leaves path and headers as they are and
 * follows no redirect.
 */
export function call(url: string, path: string, options: Call = {}): Promise<Reply> {
  const { hostname, port } = new URL(url);
  const { method = 'GET', headers = {}, body } = options;
  const request: RequestOptions = { hostname, port, path, method, headers, agent: false };
  return new Promise((resolve, reject) => {
    const sent = send(request, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        const text = bytes.toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes,
          text,
          body: parsed(text),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function token(key: string): { Authorization: string } {
  return { Authorization: `Token ${key}` };
}

export const JSON_BODY = { 'Content-Type': 'application/json' };

export function basic(username: string, password: string): { Authorization: string } {
  const text = Buffer.from(`${username}:${password}`).toString('base64');
  return { Authorization: `Basic ${text}` };
}

/** The response of a GraphQL operation over HTTP. @param key of an API token */
export async function sendGraphQL(
  { server }: World,
  key: string,
  query: string,
  variables: object = {},
): Promise<any> {
  const { body } = await call(server.url, '/graphql', {
    method: 'POST',
    headers: { ...token(key), ...JSON_BODY },
    body: JSON.stringify({ query, variables }),
  });
  return body;
}
