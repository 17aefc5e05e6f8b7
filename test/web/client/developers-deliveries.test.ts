import { describe, expect, test } from '@jest/globals';
import { useEndpointPage } from '../../helpers/endpoint-page.js';
import { until } from '../../helpers/webhooks.js';

const on = useEndpointPage();

const dialog = () => on.page.getByRole('dialog');
const button = (name: string | RegExp) => on.page.getByRole('button', { name });
const details = () => on.page.getByRole('button', { name: /^Details of/ });
const answerWith = (status: number, body: string) => {
  on.receiver.answer = (_request, response) => {
    response.statusCode = status;
    response.end(body);
  };
};

let minutes = 0;
async function record(count: number): Promise<void> {
  const pings = Array.from({ length: count }, () => ({
    sensorId: on.web.sensors.empty,
    flowrate: 100,
    datetime: new Date(Date.UTC(2026, 0, 1) + minutes++ * 60_000),
  }));
  await on.web.server.services.pings.record(on.web.ours.principal, pings, { onConflict: 'REJECT' });
}

/** Waits until that many deliveries were tried, and marks the unsuccessful ones as failed. */
async function giveUp(count: number): Promise<void> {
  await until(async () => {
    const { rows } = await on.web.test.database.pool.query(
      `SELECT 1 FROM webhook_delivery WHERE endpoint_id = $1 AND attempts <> '[]'`,
      [on.id],
    );
    return rows.length === count;
  });
  await on.web.test.database.pool.query(
    `UPDATE webhook_delivery SET status = 'FAILED' WHERE endpoint_id = $1 AND status = 'PENDING'`,
    [on.id],
  );
}

describe('An endpoint’s page', () => {
  test('a test send shows status, response and duration as they arrive', async () => {
    answerWith(200, 'thank you');
    await button(/^Send a test/).click();
    const answer = on.page.getByRole('region', { name: 'The test', exact: true });
    await answer.getByText('HTTP 200').waitFor();
    expect(await answer.textContent()).toMatch(/\d ms.*thank you/);
    expect(on.receiver.hits).toHaveLength(1);
    await on.page.getByRole('row').filter({ hasText: 'Test' }).getByText('Succeeded').waitFor();

    answerWith(500, 'out of order');
    await button(/^Send a test/).click();
    await answer.getByText('HTTP 500').waitFor();
    expect(await answer.textContent()).toMatch(/out of order.*Next try at/s);
  });

  test('the delivery log shows the request and response of each attempt without secret headers', async () => {
    answerWith(503, 'come later');
    await record(1);
    await on.page.getByRole('row').filter({ hasText: 'HTTP 503' }).waitFor();
    await details().click();
    const attempt = on.page.getByRole('region', { name: 'Attempt 1', exact: true });
    await attempt.getByText('Request', { exact: true }).click();
    const request = await attempt.getByRole('region', { name: /request/ }).textContent();
    expect(request).toContain(`POST ${on.receiver.url}`);
    expect(request).toContain(
      `webhook-id: ${on.receiver.hits[0]!.headers['webhook-id'] as string}`,
    );
    expect(request).toContain(on.receiver.hits[0]!.body);
    expect(request).not.toContain('whsec_');
    expect(await attempt.textContent()).toContain('come later');
    expect(await attempt.textContent()).toMatch(/\(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)/);
    answerWith(200, 'now');
    await button('Send now').click();
    await on.page.getByRole('region', { name: 'Attempt 2', exact: true }).waitFor();
    expect(await on.web.violations(on.page)).toEqual([]);
  });

  test('a delivery is sent again with the same webhook-id', async () => {
    await record(1);
    await on.page.getByRole('row').filter({ hasText: 'HTTP 200' }).waitFor();
    await details().click();
    await button(/^Redeliver$/).click();
    const [first, second] = await on.receiver.received(2);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.body).toBe(first!.body);
    await on.page.getByRole('region', { name: 'Attempt 2', exact: true }).waitFor();
  });

  test('the endpoint’s card agrees with the log as soon as a delivery was sent again', async () => {
    const card = on.page.getByRole('article');
    answerWith(500, 'no');
    await record(1);
    await on.page.getByRole('row').filter({ hasText: 'HTTP 500' }).waitFor();
    await card.getByText('Failing').waitFor();
    await details().click();
    answerWith(200, 'yes');
    // The card is not left to its next poll.
    await on.page.clock.install();
    await button('Send now').click();
    await on.page.clock.runFor(1000);
    await on.page.getByRole('row').filter({ hasText: 'HTTP 200' }).getByText('Succeeded').waitFor();
    await card.getByText('Healthy').waitFor();
    expect(await card.textContent()).toContain('Last 1: 1 succeeded');
    await on.page.context().close();
  });

  test('deliveries can only be sent again if there are any that failed', async () => {
    await button('Redeliver all failed…').click();
    await dialog().getByText('No deliveries gave up since then.').waitFor();
    expect(await dialog().getByRole('button', { name: 'Redeliver' }).isDisabled()).toBe(true);
    await dialog().getByLabel('Queued since: time').fill('25:00');
    await dialog().getByText('Enter a date and a time').waitFor();
    expect(await on.web.violations(on.page)).toEqual([]);
  });

  test('deliveries are found by number, webhook-id, sensor and day', async () => {
    await record(3);
    const hits = await on.receiver.received(3);
    const numbers = () => on.page.locator('[data-label="Number"]').allTextContents();
    await details().nth(2).waitFor();
    const search = on.page.getByRole('searchbox', { name: 'Search by number or webhook-id' });
    await search.fill('2');
    await details().nth(1).waitFor({ state: 'detached' });
    expect(await numbers()).toEqual(['2']);
    await on.page.reload();
    await details().first().waitFor();
    expect(await numbers()).toEqual(['2']);
    await search.fill(String(hits[2]!.headers['webhook-id']));
    const third = String(hits[2]!.headers['fc-sequence']);
    await on.page.getByRole('cell', { name: third, exact: true }).waitFor();
    expect(await numbers()).toEqual([third]);
    await search.fill('');
    await details().nth(2).waitFor();
    await on.page
      .getByLabel('Sensor')
      .selectOption({ label: `Midland pump (${on.web.sensors.flowing})` });
    await on.page.getByText('No deliveries match.').waitFor();
    await on.page.getByLabel('Sensor').selectOption('All sensors');
    await on.page.getByLabel('Queued from').fill('2020-01-01');
    await on.page.getByLabel('to', { exact: true }).fill('2020-01-02');
    await on.page.getByText('No deliveries match.').waitFor();
    await on.page.getByLabel('to', { exact: true }).fill('');
    await details().nth(2).waitFor();
    expect(await on.web.violations(on.page)).toEqual([]);
  });

  test('everything pending is tried at once when an administrator asks for it', async () => {
    answerWith(503, 'come later');
    await record(3);
    await on.page.getByRole('row').filter({ hasText: 'HTTP 503' }).first().waitFor();
    answerWith(200, 'repaired');
    await button('Try all pending now').click();
    await on.page.getByText('pending are tried now.').waitFor();
    await on.page.getByRole('row').filter({ hasText: 'Succeeded' }).nth(2).waitFor();
    await button('Try all pending now').click();
    await on.page.getByText('No deliveries are pending.').waitFor();
    expect(await button('Try all pending now').isEnabled()).toBe(true);
  });

  test('the log is filtered by status, and all deliveries that failed since a time are sent again', async () => {
    answerWith(500, 'no');
    await record(3);
    await giveUp(3);
    answerWith(200, 'yes');
    await on.page
      .getByRole('group', { name: 'Status' })
      .getByRole('button', { name: 'Failed' })
      .click();
    await on.page.waitForURL(/status=FAILED/);
    await details().nth(2).waitFor();
    await button('Redeliver all failed…').click();
    await dialog().getByText('3 deliveries gave up since then.').waitFor();
    expect(await on.web.violations(on.page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Redeliver' }).click();
    await on.page.getByText('3 queued again.').waitFor();
    await on.receiver.received(6);
    await on.page.getByText('No deliveries match.').waitFor();
  });

  test('the log is paged, newest first, and the address keeps the page', async () => {
    await record(60);
    await on.receiver.received(60);
    await on.page.reload();
    await details().nth(24).waitFor();
    const numbers = async () =>
      (await on.page.locator('[data-label="Number"]').allTextContents()).map(Number);
    const newest = await numbers();
    expect(newest).toHaveLength(25);
    await button('Older').click();
    await on.page.waitForURL(/after=/);
    await on.page.getByRole('button', { name: 'Newer' }).waitFor();
    const older = await numbers();
    expect(Math.max(...older)).toBeLessThan(Math.min(...newest));
    await button('Older').click();
    await on.page.getByRole('button', { name: 'Older' }).waitFor({ state: 'detached' });
    expect(await numbers()).toHaveLength(10);
    await on.page.reload();
    await details().nth(9).waitFor();
    await button('Newest').click();
    await details().nth(24).waitFor();
    expect(await numbers()).toEqual(newest);
  });

  test('the log is paused while details are open, and the open row is still updated', async () => {
    answerWith(500, 'no');
    await record(1);
    await on.page.getByRole('row').filter({ hasText: 'HTTP 500' }).waitFor();
    await details().click();
    await on.page.getByText('The list is paused').waitFor();
    answerWith(200, 'yes');
    await record(30);
    await button('Send now').click();
    await on.page.getByRole('row').filter({ hasText: 'HTTP 200' }).getByText('Succeeded').waitFor();
    const polled = on.page.waitForResponse((response) =>
      /query WebhookEndpoint\(/.test(response.request().postData() ?? ''),
    );
    await on.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await polled;
    expect(await details().count()).toBe(1);
    await details().click();
    await details().nth(24).waitFor();
  });

  test('a disabled endpoint says why, and receives what it missed when it is enabled', async () => {
    answerWith(410, 'gone');
    await record(1);
    await on.page.getByText('The endpoint answered 410 Gone').waitFor();
    await record(1);
    answerWith(200, 'back again');
    await button(/^Enable/).click();
    await dialog().getByRole('button', { name: 'Enable' }).click();
    await button(/^Send a test/).waitFor();
    const hits = await on.receiver.received(3);
    expect(new Set(hits.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    await on.page.getByText('Healthy').waitFor();
  });

  test('the completeness check lists missing and undelivered events after a number', async () => {
    await record(4);
    await on.receiver.received(4);
    answerWith(500, 'no');
    await record(1);
    await on.receiver.received(5);
    await giveUp(5);
    const check = async (number: string) => {
      await on.page.getByLabel('Last number your receiver has').fill(number);
      await button('Check').click();
    };
    await check('2');
    await on.page.getByText('3 events after 2: numbers 3 to 5, none missing.').waitFor();
    await on.page.getByText('1 of them not delivered.').waitFor();
    await on.web.test.database.pool.query(
      'DELETE FROM webhook_delivery WHERE endpoint_id = $1 AND sequence <= 2',
      [on.id],
    );
    await check('0');
    await on.page.getByText('1 to 2 are no longer in the log').waitFor();
    await check('5');
    await on.page.getByText('Nothing was sent after 5.').waitFor();
    await check('7');
    await on.page.getByText('7 was never sent: the last number is 5.').waitFor();
    await check('x');
    await on.page.getByText('Must be a whole number from 0; got x.').waitFor();
    expect(await on.page.getByText('was never sent').count()).toBe(0);
  });
});

test('an endpoint’s page is accessible and fits in both themes and at both widths', async () => {
  answerWith(500, 'x'.repeat(900));
  await record(2);
  await on.receiver.received(2);
  await on.page.getByRole('row').filter({ hasText: 'HTTP 500' }).first().waitFor();
  await details().first().click();
  await on.page.getByRole('region', { name: 'Attempt 1', exact: true }).waitFor();
  await button('Check').click();
  await on.page.getByText(/events after 0/).waitFor();
  expect(await on.web.problems(on.page)).toEqual([]);
});

test('the pages of endpoints request no other host and log no error', () => {
  const hosts = new Set(on.web.requested.map(({ host }) => host));
  expect([...hosts]).toEqual([new URL(on.web.server.url).host]);
  expect(on.web.errors).toEqual([]);
});
