import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { IMPORT_FILES } from '../../helpers/import-files.js';
import { storedPings } from '../../helpers/stored-pings.js';
import { ADMIN, signIn, startWeb, USER, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
  page = await web.open('/app/', { user: ADMIN });
});
afterAll(() => web.close());
beforeEach(() => page.goto('/app/import'));

const HEADER = 'sensor_name,datetime,flowrate';
const button = (name: string | RegExp) => page.getByRole('button', { name });
const loaded = () => page.getByRole('region', { name: 'Loaded' });

async function choose(name: string, file: string | Buffer): Promise<void> {
  const buffer = typeof file === 'string' ? Buffer.from(file) : file;
  await page
    .getByLabel(/Choose a file of readings|Another file/)
    .setInputFiles({ name, mimeType: 'text/csv', buffer });
  await button('Preview').and(page.locator(':enabled')).waitFor();
}

/** Loads what is previewed. @returns the readings of sensors whose names have this in them */
async function load(sensor: string): Promise<string[]> {
  await button(/^Load \d/).click();
  await loaded().waitFor();
  return (await storedPings(web.test, 'ours')).filter((line) => line.includes(sensor));
}

const option = async (label: string, value: string) => {
  const field = page.getByLabel(label, { exact: true });
  if (!(await field.isVisible())) await page.getByText('How the file is written').first().click();
  if ((await field.evaluate(({ tagName }) => tagName)) === 'SELECT')
    await field.selectOption(value);
  else await field.fill(value);
};

test.each(Object.entries(IMPORT_FILES))(
  'a file is loaded in the browser: %s',
  async (_, { name = 'readings.csv', file, steps = [], pings }) => {
    await choose(name, file);
    for (const step of steps) {
      if ('remedy' in step) await button(step.remedy).click();
      else {
        await option(step.option, step.value);
        await button('Preview').click();
      }
      await button('Preview').and(page.locator(':enabled')).waitFor();
    }
    await page.getByText('Create the sensors that the account does not have').click();
    await button('Preview').click();
    await button(/^Load \d/)
      .and(page.locator(':enabled'))
      .waitFor();
    expect(await load(pings[0]!.split(/[ ,]/)[0]!)).toEqual(pings);
  },
);

test('a file that is dropped is previewed, its options are kept after an error, and the result leads to its sensors', async () => {
  await page.getByText('or drop it here').waitFor();
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }));
    return data;
  }, `${HEADER}\nDropped 1,2024-03-01T06:00:00,12\nDropped 1,2024-03-01T07:00:00,24\n`);
  await page.locator('.file-picker').dispatchEvent('drop', { dataTransfer: transfer });
  await page.getByText('The account has no sensor named "Dropped 1".').waitFor();
  await option('Form of datetimes', 'nonsense');
  await option('Time zone of the file’s clock', 'America/Chicago');
  await button('Preview').click();
  await page.getByLabel('Form of datetimes').and(page.locator('[aria-invalid="true"]')).waitFor();
  expect(await page.getByLabel('Form of datetimes').inputValue()).toBe('nonsense');
  expect(await page.getByLabel('Time zone of the file’s clock').inputValue()).toBe(
    'America/Chicago',
  );
  expect(await web.violations(page)).toEqual([]);
  await option('Form of datetimes', '');
  await button('Preview').click();
  await button('Create the sensors').click();
  await page.getByText('Sensor from “sensor_name”').waitFor();
  const change = page.getByRole('region', { name: 'By sensor' }).getByRole('row').nth(1);
  expect(await change.innerText()).toMatch(
    /Dropped 1\s+New sensor\s+2\s+2\s+2024-03-01 12:00:00\s+2024-03-01 13:00:00/,
  );
  expect(await web.problems(page)).toEqual([]);
  await load('Dropped 1');
  await loaded().getByText('2 readings of dropped.csv were loaded.').waitFor();
  expect(await web.violations(page)).toEqual([]);
  await loaded().getByRole('link', { name: 'Dropped 1' }).click();
  await page.getByRole('heading', { name: 'Dropped 1' }).waitFor();
});

test('a preview shows which readings are new, stored and in conflict, and corrects the last with a reason', async () => {
  const rows = (last: number) =>
    `sensor_name,datetime,flowrate\nSpare meter,2023-01-01T00:00:00Z,1\nSpare meter,2023-01-01T01:00:00Z,${last}\n`;
  await choose('first.csv', rows(2));
  await load('Spare meter');
  await button('Import another file').click();
  await choose('second.csv', `${rows(3)}Spare meter,2023-01-01T02:00:00Z,4\n`);
  await page.getByText(/^Line 3, flowrate: Another ping of "Spare meter"/).waitFor();
  const change = page.getByRole('region', { name: 'By sensor' }).getByRole('row').nth(1);
  expect(await change.innerText()).toMatch(/Spare meter\s+3\s+1\s+1\s/);
  await button('Correct the stored readings').click();
  await page.getByLabel('Reason').selectOption('METER_ERROR');
  await page.getByLabel('Comment').fill('from the paper log');
  await page.getByText('Options were changed since.').waitFor();
  expect(await button(/^Load 2 readings/).isDisabled()).toBe(true);
  await button('Preview').click();
  await button(/^Load 2 readings/)
    .and(page.locator(':enabled'))
    .waitFor();
  expect(await load('Spare meter')).toEqual([
    'Spare meter,2023-01-01T00:00:00Z,1',
    'Spare meter,2023-01-01T01:00:00Z,3',
    'Spare meter,2023-01-01T02:00:00Z,4',
  ]);
  const [revision] = await web.test.database.prisma.pingRevision.findMany({
    where: { newFlowrate: 3, updateType: 'REPLACE' },
  });
  expect(revision).toMatchObject({
    reasonCode: 'METER_ERROR',
    comment: 'from the paper log',
    revisedBy: `user:${ADMIN.username}`,
  });
});

test('how a file is written is saved as a profile, which reads the next one', async () => {
  const plant = `${HEADER},Counter\nSpare meter,2022-01-01 07:00,1,104233.5\n`;
  await choose('plant.csv', plant);
  await option('Column of the totalizer (bbl)', 'Counter');
  await option('Time zone of the file’s clock', 'Europe/Berlin');
  await option('Unit of the flowrates', 'bbl/h');
  await button('Save as profile').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Must not be empty.').waitFor();
  await dialog.getByLabel('Name').fill('Plant 2');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.reload();
  await choose('plant.csv', plant);
  await page.getByLabel('Profile').selectOption('Plant 2');
  await page.getByRole('cell', { name: '2022-01-01 06:00:00' }).first().waitFor();
  await page.getByRole('cell', { name: '24', exact: true }).waitFor();
  await page.getByRole('cell', { name: '104233.5', exact: true }).waitFor();
  expect(await page.getByLabel('Unit of the flowrates').inputValue()).toBe('bbl/h');
});

test('what is chosen stays while the session ends, and the import goes on after signing in again', async () => {
  await choose('kept.csv', `${HEADER}\nSpare meter,2021-01-01 07:00,1\n`);
  await option('Time zone of the file’s clock', 'Europe/Berlin');
  const context = page.context();
  await context.clearCookies();
  await button('Preview').click();
  await page.getByText('Your session has ended.').waitFor();
  const other = await context.newPage();
  await other.goto('/app/');
  await signIn(other, ADMIN);
  await other.getByRole('heading', { name: 'Overview' }).waitFor();
  await other.close();
  await page.getByRole('button', { name: 'Continue' }).click();
  await button('Preview').click();
  await page.getByRole('cell', { name: '2021-01-01 06:00:00' }).first().waitFor();
  expect(await button(/^Load 1 reading/).isEnabled()).toBe(true);
});

test('an import is undone, at once or from the list of earlier ones, unless a reading was changed since', async () => {
  const file = (rate: number, hour = '00') =>
    `${HEADER}\nSpare meter,2020-01-01T${hour}:00:00Z,${rate}\n`;
  const of2020 = async () =>
    (await storedPings(web.test, 'ours')).filter((line) => line.startsWith('Spare meter,2020'));
  const dialog = page.getByRole('dialog');
  await choose('wrong.csv', file(1));
  await load('Spare meter');
  await button('Undo import').click();
  await dialog.getByText('1 new reading is removed; the history keeps them.').waitFor();
  await dialog.getByLabel('Comment').fill('the wrong meter');
  expect(await web.violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Undo import' }).click();
  await page.getByText('The import was undone.').waitFor();
  expect(await of2020()).toEqual([]);

  await button('Import another file').click();
  await choose('changed.csv', file(1));
  await load('Spare meter');
  await button('Import another file').click();
  await choose('correction.csv', file(2));
  await button('Correct the stored readings').click();
  await load('Spare meter');
  await button('Import another file').click();
  const earlier = page.getByRole('region', { name: 'Earlier imports' });
  await earlier
    .getByRole('row', { name: /wrong\.csv/ })
    .getByText(`Undone by ${ADMIN.username}`)
    .waitFor();
  await earlier.getByRole('button', { name: 'Undo the import of changed.csv' }).click();
  await dialog.getByRole('button', { name: 'Undo import' }).click();
  await dialog
    .getByText(/^One reading of it was changed since: "Spare meter" at 2020-01-01T00:00:00Z/)
    .waitFor();
  expect(await of2020()).toEqual(['Spare meter,2020-01-01T00:00:00Z,2']);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await web.problems(page)).toEqual([]);
  await earlier.getByRole('button', { name: 'Undo the import of correction.csv' }).click();
  await dialog.getByRole('button', { name: 'Undo import' }).click();
  await earlier.getByText('The import of correction.csv was undone.').waitFor();
  expect(await of2020()).toEqual(['Spare meter,2020-01-01T00:00:00Z,1']);
});

test('a viewer cannot import, and has no link to it', async () => {
  const theirs = await web.open('/app/import', { user: USER });
  await theirs.getByText('Only administrators see imports.').waitFor();
  expect(await theirs.getByRole('link', { name: 'Import' }).count()).toBe(0);
  await theirs.context().close();
});
