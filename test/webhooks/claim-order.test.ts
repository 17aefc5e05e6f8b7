import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { instantParameter } from '../../src/storage/postgres/instant-parameter.js';
import { registerWorker } from '../../src/storage/webhooks/sql/workers.js';
import { claim } from '../../src/storage/webhooks/sql/queue.js';
import { createWebhookFixture, type WebhookFixture } from '../helpers/webhooks.js';

let fixture: WebhookFixture;

beforeEach(async () => {
  fixture = await createWebhookFixture();
});

afterEach(() => fixture.close());

test('claiming deliveries updates none of their indexes', async () => {
  const { principal, webhooks, test: on } = fixture;
  const { id } = await webhooks.create(principal, { url: 'http://127.0.0.1:9/' });
  await fixture.record(500);
  const client = await on.database.pool.connect();
  const [worker] = (await client.query<{ id: number }>(registerWorker)).rows;
  const [now, later] = [new Date(), new Date(Date.now() + 20_000)].map(instantParameter);
  await client.query('BEGIN');
  const values = [[id], [500], now, worker!.id, 5, later];
  const { rows: taken } = await client.query({ ...claim, values });
  const { rows } = await client.query(
    `SELECT pg_stat_get_xact_tuples_hot_updated('webhook_delivery'::regclass)::int AS hot`,
  );
  await client.query('ROLLBACK');
  client.release(true);
  expect(taken).toHaveLength(500);
  expect(rows).toEqual([{ hot: 500 }]);
});
