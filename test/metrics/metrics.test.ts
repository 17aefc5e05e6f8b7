import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { HttpServer } from '../../src/http/http-server.js';
import {
  call,
  createServerWorld,
  JSON_BODY,
  sendGraphQL,
  token,
  type World,
} from '../helpers/server.js';

let world: World;
let metrics: HttpServer;
let url: string;
let sensorId: number;

beforeAll(async () => {
  world = await createServerWorld({ hasMetrics: true });
  metrics = new HttpServer(world.server.metrics!.handle);
  url = await metrics.listen(0, '127.0.0.1');
  const { services } = world.server;
  const create = (name: string) => services.sensors.create(world.ours.principal, { name });
  ({ id: sensorId } = await create('Secret well'));
  await create('Spare meter');
});
afterAll(async () => {
  await metrics.close(0);
  await world.close();
});

const scrape = async () => (await call(url, '/metrics')).text;

/** The sample of a metric with exactly these labels, such as `{via="rest"}`. */
function sample(text: string, name: string, labels = ''): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${name}${labels} `));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
}

describe('The metrics', () => {
  test('they count requests by route, pings by the API, and what the database has', async () => {
    const path = `/api/v1/flow_sensors/${sensorId}/pings/`;
    const headers = { ...token(world.ours.ingester), ...JSON_BODY };
    const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString();
    const pings = [100, 40].map((ago) => ({ flowrate: ago, datetime: at(ago) }));
    const body = JSON.stringify(pings);
    await call(world.server.url, path, { method: 'POST', headers, body });
    await call(world.server.url, path, { method: 'POST', headers, body });
    await sendGraphQL(
      world,
      world.ours.ingester,
      `mutation ($sensorId: ID!, $datetime: DateTime!) {
        recordPings(input: { pings: [{ sensorId: $sensorId, flowrate: 1, datetime: $datetime }] }) { recorded }
      }`,
      { sensorId: String(sensorId), datetime: at(0) },
    );
    await call(world.server.url, `/api/v1/flow_sensors/${sensorId}/`);
    for (const unknown of ['/wp-login.php', '/app/sensors/x', '/%E0%A4%A']) {
      await call(world.server.url, unknown);
    }
    const text = await scrape();
    const requests = (labels: string) =>
      sample(text, 'http_server_request_duration_seconds_count', labels);
    const route = '/api/v1/flow_sensors/{id}/';
    expect(requests(`{method="POST",route="${route}pings/",status_code="201"}`)).toBe(2);
    expect(requests(`{method="GET",route="${route}",status_code="401"}`)).toBe(1);
    expect(requests('{method="POST",route="/graphql",status_code="200"}')).toBe(1);
    expect(text).not.toMatch(/wp-login|%E0|sensors\/x/);
    expect(sample(text, 'flowgate_pings_recorded_total', '{via="rest"}')).toBe(2);
    expect(sample(text, 'flowgate_pings_recorded_total', '{via="graphql"}')).toBe(1);
    // The request that recorded only duplicates says nothing of how late readings are.
    expect(sample(text, 'flowgate_ping_lag_seconds_count')).toBe(2);
    expect(sample(text, 'flowgate_ping_lag_seconds_bucket', '{le="15"}')).toBe(1);
    expect(sample(text, 'flowgate_ping_lag_seconds_bucket', '{le="300"}')).toBe(2);
    expect(sample(text, 'flowgate_group_commit_requests_total')).toBe(3);
    expect(sample(text, 'flowgate_sensors', '{state="reporting"}')).toBe(1);
    expect(sample(text, 'flowgate_sensors', '{state="never"}')).toBe(1);
    expect(sample(text, 'flowgate_database_up')).toBe(1);
    expect(sample(text, 'flowgate_migrations_pending')).toBe(0);
    expect(sample(text, 'flowgate_webhook_queue_depth')).toBe(0);
    expect(sample(text, 'flowgate_build_info', '{version="1.2.3"}')).toBe(1);
    expect(text).not.toMatch(/Secret well|ours/);
  });

  test('they are at /metrics of their own port alone', async () => {
    const { status, headers } = await call(url, '/metrics');
    expect([status, headers['content-type']]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect((await call(url, '/metrics', { method: 'POST' })).status).toBe(405);
    expect((await call(url, '/app/')).status).toBe(404);
    expect((await call(world.server.url, '/metrics')).status).toBe(404);
  });
});

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook: string };
}

describe('The alert rules and the dashboard', () => {
  let rules: Rule[];
  let expressions: string[];
  beforeAll(async () => {
    const file = parse(await readFile('deploy/prometheus/alerts.yml', 'utf8')) as {
      groups: { rules: Rule[] }[];
    };
    rules = file.groups.flatMap((group) => group.rules);
    const dashboard = JSON.parse(await readFile('deploy/grafana/flowgate.json', 'utf8')) as {
      panels: { targets?: { expr: string }[] }[];
    };
    const panels = dashboard.panels.flatMap(({ targets = [] }) => targets);
    expressions = [...rules, ...panels].map(({ expr }) =>
      expr.replaceAll('$__rate_interval', '5m'),
    );
  });

  test('every expression is valid PromQL', () => {
    const errors: string[] = [];
    for (const expression of expressions) {
      parser.parse(expression).iterate({
        enter: ({ type }) => {
          if (type.isError) errors.push(expression);
        },
      });
    }
    expect([expressions.length > 40, errors]).toEqual([true, []]);
  });

  test('every metric that they use is one that the server has', async () => {
    const text = await scrape();
    const known = new Set(
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => name + end) : [name],
      ),
    );
    // Prometheus itself reports whether a scrape succeeded.
    known.add('up');
    const used = new Set<string>();
    for (const expression of expressions) {
      parser.parse(expression).iterate({
        enter: ({ name, from, to, node }) => {
          if (name === 'Identifier' && node.parent?.name === 'VectorSelector') {
            used.add(expression.slice(from, to));
          }
        },
      });
    }
    expect(used.size).toBeGreaterThan(15);
    expect([...used].filter((name) => !known.has(name))).toEqual([]);
  });

  test('the documentation says what to do about every alert, and what every metric means', async () => {
    const text = await readFile('docs/monitoring.md', 'utf8');
    const headings = [...text.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(rules.map(({ alert }) => alert));
    expect(rules.map(({ annotations }) => annotations.runbook)).toEqual(
      rules.map(({ alert }) => `docs/monitoring.md#${alert.toLowerCase()}`),
    );
    const own = [...(await scrape()).matchAll(/^# TYPE ((?:flowgate|http)_\w+)/gm)];
    expect(own.map(([, name]) => name!).filter((name) => !text.includes(`\`${name}\``))).toEqual(
      [],
    );
  });
});
