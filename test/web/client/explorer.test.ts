import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../../helpers/webhooks.js';
import { ADMIN, startWeb, type Web } from '../../helpers/web.js';

// A limit for an editor that hangs: on a busy machine its checks take a minute.

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());

const result = () => page.locator('.result-window');
const execute = () => page.getByRole('button', { name: /^Execute query/ }).click();
const choose = (example: string) => page.getByLabel('Open an example').selectOption(example);

/** Waits for the editors, which come after the page. */
async function ready(): Promise<void> {
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await page.locator('.result-window .monaco-editor').first().waitFor();
}

async function openByToken(): Promise<void> {
  page = await web.newPage();
  await page.goto('/graphql');
  await page.getByLabel('API token').fill(web.ours.reader);
  await page.getByRole('button', { name: 'Use token' }).click();
  await page.getByText('With the token “ours READ”').waitFor();
  await ready();
}

async function openBySession(): Promise<void> {
  page = await web.open('/app/explorer', { user: ADMIN });
  await ready();
}

describe.each([
  ['/app/explorer, signed in by the session,', openBySession],
  ['/graphql with a token', openByToken],
] as const)('The explorer at %s', (_, open) => {
  // One page for all of them: the editor is what takes long to load.
  beforeAll(open);
  afterAll(() => page.context().close());

  test('a query runs in the explorer', async () => {
    await execute();
    await result().getByText('Midland').waitFor();
    expect(await result().textContent()).toMatch(/"totalCount":\s5/);
  });

  test('an example runs right after it is chosen', async () => {
    await choose('Daily contract volumes');
    await execute();
    await result().getByText('"flowVolumes"').waitFor();
    expect(await result().textContent()).not.toContain('"errors"');
  });

  test('a subscription shows pings as they are recorded until it is stopped', async () => {
    const { realtime, pings } = web.server.services;
    await choose('Subscribe to pings');
    await execute();
    await until(() => Promise.resolve(realtime.feed.subscriberCount === 1));
    const ping = { sensorId: web.sensors.flowing, flowrate: 31_234.5, datetime: new Date() };
    await pings.record(web.ours.principal, [ping], { onConflict: 'REJECT' });
    await result().getByText('31234.5').waitFor();
    expect(await result().textContent()).toContain('"pingReceived"');
    await page.getByRole('button', { name: /^Stop query/ }).click();
    await until(() => Promise.resolve(realtime.feed.subscriberCount === 0));
  });

  test('the explorer and its documentation are accessible and fit in both themes and at both widths', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.locator('.graphiql-doc-explorer').getByText('Mutation', { exact: true }).waitFor();
    expect(await web.problems(page)).toEqual([]);
  });
});

test('examples that change data are refused until they are filled in', async () => {
  await openBySession();
  const stored = async () => {
    const { pool } = web.test.database;
    const { rows } = await pool.query(
      'SELECT (SELECT count(*) FROM ping) AS pings, (SELECT json_agg(name ORDER BY id) FROM flow_sensor) AS names',
    );
    return rows;
  };
  const before = await stored();
  for (const example of ['Record pings', 'Correct pings', 'Rename a sensor']) {
    await choose(example);
    await execute();
    await result().getByText('"errors"').waitFor();
    expect(await result().textContent()).toContain('BAD_USER_INPUT');
  }
  for (const example of ['History of corrections and deletions', 'Count pings to delete']) {
    await choose(example);
    await execute();
    await result().getByText('"data"').waitFor();
    expect(await result().textContent()).not.toContain('"errors"');
  }
  expect(await stored()).toEqual(before);
  await page.context().close();
});

test('an invalid token is reported beside the form', async () => {
  page = await web.newPage();
  await page.goto('/graphql');
  await page.getByText('Enter an API token').waitFor();
  await ready();
  expect(await web.violations(page)).toEqual([]);
  await page.getByLabel('API token').fill('fg_nothing');
  await page.getByRole('button', { name: 'Use token' }).click();
  await page.getByRole('alert').getByText('Invalid token.').waitFor();
  await page.getByRole('button', { name: 'Forget it' }).click();
  await page.getByText('Enter an API token').waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await page.context().close();
});

test('the explorers request no other host', () => {
  const hosts = new Set(web.requested.map(({ host }) => host));
  expect([...hosts]).toEqual([new URL(web.server.url).host]);
});
