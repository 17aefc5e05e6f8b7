import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.js';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 320, height: 120 } });
});

afterAll(() => browser.close());

test('the browser runs a page’s script', async () => {
  await page.goto('data:text/html,<p id="sum"></p><script>sum.textContent = 19 + 23</script>');
  expect(await page.textContent('#sum')).toBe('42');
});

test('the browser draws letters, on a machine without a font too', async () => {
  const wide = await widthOf('WWWWW');
  const narrow = await widthOf('iiiii');
  expect(narrow).toBeGreaterThan(0);
  expect(wide).toBeGreaterThan(2 * narrow);

  const empty = await screenshotOf('');
  expect(await screenshotOf('pings')).not.toEqual(empty);
});

async function widthOf(text: string): Promise<number> {
  await show(text);
  return page.locator('span').evaluate((span) => span.getBoundingClientRect().width);
}

async function screenshotOf(text: string): Promise<Buffer> {
  await show(text);
  return page.screenshot();
}

function show(text: string): Promise<unknown> {
  return page.setContent(`<span style="font-size: 24px">${text}</span>`);
}
