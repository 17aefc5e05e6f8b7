import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startTracing } from '../../src/composition/tracing.js';
import { loadConfig } from '../../src/config.js';
import { createLog } from '../../src/http/log.js';
import { TestCollector, type CollectedSpan } from '../helpers/collector.js';
import {
  call,
  createServerWorld,
  JSON_BODY,
  sendGraphQL,
  token,
  type World,
} from '../helpers/server.js';
import { TestReceiver } from '../helpers/webhooks.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const SAMPLED = { traceparent: `00-${TRACE}-${CALLER}-01` };

let world: World;
let collector: TestCollector;
let receiver: TestReceiver;
let endTracing: (() => Promise<void>) | undefined;
const log: string[] = [];
let onLog: (line: string) => void = () => undefined;

beforeEach(async () => {
  world = await createServerWorld();
  collector = await new TestCollector().listen();
  receiver = await new TestReceiver().listen();
});
afterEach(async () => {
  await world.server.services.webhookWorker.close(2000);
  await endTracing?.();
  endTracing = undefined;
  await world.close();
  await collector.close();
  await receiver.close();
  log.length = 0;
});

async function trace(variables: Record<string, string> = {}): Promise<void> {
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '5',
    ...variables,
  };
  const before = { ...process.env };
  Object.assign(process.env, environment);
  const write = (line: string) => {
    log.push(line);
    onLog(line);
  };
  const { tracing } = loadConfig(environment);
  const end = await startTracing(tracing!, '1.2.3', createLog('warn', { write }));
  endTracing = async () => {
    await end();
    process.env = before;
  };
}

async function sensorWithEndpoint(tenant = world.ours): Promise<number> {
  const { sensors, webhooks } = world.server.services;
  const { id } = await sensors.create(tenant.principal, { name: 'Secret well' });
  await webhooks.create(tenant.principal, { url: receiver.url, sensorIds: [id] });
  return id;
}

function post(key: string, sensorId: number, headers: Record<string, string> = {}) {
  return call(world.server.url, `/api/v1/flow_sensors/${sensorId}/pings/`, {
    method: 'POST',
    headers: { ...token(key), ...JSON_BODY, ...headers },
    body: JSON.stringify([{ flowrate: 759.93125, datetime: '2026-01-01T00:00:00Z' }]),
  });
}

const attribute = ({ attributes }: CollectedSpan, key: string) =>
  attributes.find((each) => each.key === key)?.value;

test('a trace goes from the request that records a ping to its statements and to the webhook, which continues it', async () => {
  await trace();
  const sensorId = await sensorWithEndpoint();
  expect((await post(world.ours.ingester, sensorId, SAMPLED)).status).toBe(201);
  // Only now: else it might claim the delivery in the transaction that records the ping.
  world.server.services.webhookWorker.start();
  const [hit] = await receiver.received(1);
  const spans = await collector.until(() => {
    const ofTrace = collector.spans.filter(({ traceId }) => traceId === TRACE);
    const isComplete =
      ofTrace.some(({ name }) => name === 'deliver webhook') &&
      ofTrace.some(({ kind }) => kind === 2);
    return isComplete && ofTrace;
  });
  const named = (name: string) => spans.filter((span) => span.name === name);
  const [request] = named('POST /api/v1/flow_sensors/{id}/pings/');
  const [recorded] = named('record pings');
  const [committed] = named('commit pings');
  const [attempt] = named('deliver webhook');
  expect(request).toMatchObject({ parentSpanId: CALLER, kind: 2 });
  expect(attribute(request!, 'http.response.status_code')).toEqual({ intValue: 201 });
  expect(recorded!.parentSpanId).toBe(request!.spanId);
  expect(committed!.parentSpanId).toBe(recorded!.spanId);
  const statements = spans.filter(({ parentSpanId }) => parentSpanId === committed!.spanId);
  expect(statements.map(({ name }) => name)).toEqual(['append_pings']);
  for (const span of statements) {
    expect(span.kind).toBe(3);
    expect(attribute(span, 'db.query.summary')).toEqual({ stringValue: span.name });
  }
  expect(attempt).toMatchObject({ parentSpanId: recorded!.spanId, kind: 3 });
  expect(hit!.headers['traceparent']).toBe(`00-${TRACE}-${attempt!.spanId}-01`);
});

test('pings of two accounts that are committed together stay in the traces of their requests', async () => {
  await trace();
  const ids = [await sensorWithEndpoint(), await sensorWithEndpoint(world.theirs)];
  const keys = [world.ours.ingester, world.theirs.ingester];
  const traces = ids.map((_, index) => TRACE.replace(/^./, String(index)));
  await Promise.all(
    ids.map((id, index) =>
      post(keys[index]!, id, { traceparent: `00-${traces[index]}-${CALLER}-01` }),
    ),
  );
  world.server.services.webhookWorker.start();
  const hits = await receiver.received(2);
  const traceOf = new Map(
    hits.map(({ body, headers }) => [
      JSON.parse(body).data.sensor_id,
      String(headers['traceparent']).split('-')[1],
    ]),
  );
  expect(ids.map((id) => traceOf.get(id))).toEqual(traces);
});

test('GraphQL operations are named, and nothing that anybody sent is in a trace', async () => {
  await trace();
  const sensorId = await sensorWithEndpoint();
  await post(world.ours.ingester, sensorId);
  const query = `query Volume($id: ID!) { flowSensor(id: $id) { name lastPing { flowrate } } }`;
  const reply = await sendGraphQL(world, world.ours.reader, query, { id: String(sensorId) });
  expect(reply.data.flowSensor.name).toBe('Secret well');
  await post('wrong-credential', sensorId);
  const [operation, request] = await collector.until(() => {
    const { spans } = collector;
    const isDone = spans.some((span) => JSON.stringify(span.attributes).includes('"intValue":401'));
    const inner = spans.find(({ name }) => name === 'GraphQL query');
    const outer = spans.find(({ name }) => name === 'POST /graphql');
    return isDone && inner && outer && ([inner, outer] as const);
  });
  expect(operation.parentSpanId).toBe(request.spanId);
  expect(attribute(operation, 'graphql.operation.name')).toEqual({ stringValue: 'Volume' });
  const statements = collector.spans.filter(
    ({ parentSpanId }) => parentSpanId === operation.spanId,
  );
  expect(statements.length).toBeGreaterThan(0);
  const { text } = collector;
  const { ours } = world;
  const sent = ['Secret well', '759.93125', 'wrong-credential', ours.ingester, ours.reader];
  for (const value of [...sent, receiver.url, 'lastPing']) expect(text).not.toContain(value);
});

test('what a caller or the sampler leaves out is not exported, and the webhook says so', async () => {
  await trace();
  const sensorId = await sensorWithEndpoint();
  world.server.services.webhookWorker.start();
  await post(world.ours.ingester, sensorId, { traceparent: `00-${TRACE}-${CALLER}-00` });
  const [hit] = await receiver.received(1);
  expect(hit!.headers['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  await call(world.server.url, '/api/v1/', { headers: { traceparent: 'nonsense' } });
  await collector.until(() => collector.spans.length > 0);
  expect(collector.spans.filter(({ traceId }) => traceId === TRACE)).toEqual([]);
  expect(collector.spans.every(({ parentSpanId }) => parentSpanId !== CALLER)).toBe(true);
});

test('the variables of OpenTelemetry name the service, add attributes and headers, and choose the encoding', async () => {
  await trace({
    OTEL_SERVICE_NAME: 'north-field',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=42',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
  });
  await call(world.server.url, '/api/v1/');
  await call(world.server.url, '/healthz');
  const first = await collector.until(() => collector.exports[0]);
  expect(first.path).toBe('/v1/traces');
  expect(first.headers).toMatchObject({
    'content-type': 'application/x-protobuf',
    'x-tenant': '42',
  });
  for (const text of ['north-field', 'staging', '1.2.3', 'http.route']) {
    expect(first.body.includes(text)).toBe(true);
  }
  await endTracing!();
  for (const { body } of collector.exports) expect(body.includes('healthz')).toBe(false);
});

test('without a collector the server answers, and warns once', async () => {
  const warned = new Promise<string>((resolve) => (onLog = resolve));
  await trace({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_TIMEOUT: '50',
  });
  for (let request = 0; request < 3; request++) {
    expect((await call(world.server.url, '/api/v1/')).status).toBe(401);
  }
  expect(await warned).toContain('traces could not be exported');
  await endTracing!();
  expect(log).toHaveLength(1);
});

test('tracing ends while the collector takes spans without an answer', async () => {
  collector.isHanging = true;
  await trace();
  await call(world.server.url, '/api/v1/');
  const response = await collector.until(() => collector.unanswered[0]);
  await endTracing!();
  // The exporter, which gives up after ten seconds, still waits.
  expect(response.destroyed).toBe(false);
});

test('nothing is traced without an endpoint, and where the variables say so', () => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
  for (const environment of [
    { OTEL_SERVICE_NAME: 'flow' },
    { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' },
    { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'none' },
  ]) {
    expect(loadConfig(environment).tracing).toBeUndefined();
  }
  expect(loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT }).tracing).toBeDefined();
});
