import { expect, test } from '@jest/globals';
import { createWebhookFixture, until } from '../helpers/webhooks.js';

test('old deliveries are pruned again and again while the server runs', async () => {
  const fixture = await createWebhookFixture({ pruneIntervalMs: 10 });
  const { pool } = fixture.test.database;
  const { id } = await fixture.webhooks.create(fixture.principal, { url: 'http://127.0.0.1:9/' });
  const recordOld = async (): Promise<void> => {
    await fixture.record(3);
    await pool.query(
      `UPDATE webhook_delivery SET status = 'FAILED', created_at = now() - interval '31 days'
       WHERE endpoint_id = $1`,
      [id],
    );
  };
  const pruned = () =>
    until(async () => {
      const { rows } = await pool.query('SELECT count(*)::int AS count FROM webhook_delivery');
      return rows[0].count === 0;
    });
  fixture.webhookHousekeeping.start();
  await recordOld();
  await pruned();
  await recordOld();
  await pruned();
  await fixture.close();
  expect(fixture.failures).toEqual([]);
});
