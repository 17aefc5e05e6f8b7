import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ADMIN, startWeb, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
afterEach(() => web.keep(page));

const dialog = () => page.getByRole('dialog');
const submit = (name: string) => dialog().getByRole('button', { name }).click();

test('an administrator adds a sensor, and its page opens', async () => {
  page = await web.open('/app/', { user: ADMIN });
  await page.getByRole('button', { name: 'Add sensor' }).click();
  await submit('Add sensor');
  await dialog().getByLabel('Name').and(page.locator('[aria-invalid="true"]')).waitFor();
  await dialog().getByLabel('Name').fill('Delivery meter');
  await dialog().getByLabel('Latitude').fill('north');
  await submit('Add sensor');
  await dialog().getByText('Must be a number.').waitFor();
  await dialog().getByLabel('Latitude').fill('95');
  await submit('Add sensor');
  await dialog().getByText('90').first().waitFor();
  await dialog().getByLabel('Latitude').fill('31.5');
  await dialog().getByLabel('Longitude').fill('-102.25');
  await dialog().getByLabel('Outage after').fill('900');
  await dialog().getByLabel('Flow between readings').selectOption('STEP');
  expect(await web.problems(page)).toEqual([]);
  await submit('Add sensor');
  await page.getByRole('heading', { level: 1, name: 'Delivery meter' }).waitFor();
  const facts = page.getByRole('region', { name: 'The sensor' });
  expect(await facts.textContent()).toMatch(
    /31\.5000° N, 102\.2500° W.*Counts as an outage after 15 min without a reading/,
  );
});

test('an administrator changes a sensor’s name and settings', async () => {
  page = await web.open(`/app/sensors/${web.sensors.flowing}`, { user: ADMIN });
  await page.getByRole('button', { name: 'Edit sensor' }).click();
  expect(await dialog().getByLabel('Latitude').inputValue()).toBe('32');
  await dialog().getByLabel('Name').fill('Midland pump 2');
  await dialog().getByLabel('Outage after').fill('7200');
  await dialog().getByLabel('Meter factor').fill('9');
  await submit('Save');
  await dialog().getByText('Must be from 0.5 to 2; got 9.').waitFor();
  await dialog().getByLabel('Meter factor').fill('0.9985');
  await dialog().getByLabel('Reason').fill('A new device');
  await submit('Save');
  await page.getByRole('heading', { level: 1, name: 'Midland pump 2' }).waitFor();
  await page.getByText('Counts as an outage after 2 h without a reading').waitFor();
  await page.getByText('Volumes times the meter factor 0.9985').waitFor();
});

test('an administrator tags a sensor, and a tag leads to all sensors with it', async () => {
  await web.server.services.sensors.update(web.ours.principal, web.sensors.stale, {
    tags: ['custody transfer'],
  });
  page = await web.open(`/app/sensors/${web.sensors.empty}`, { user: ADMIN });
  const tags = page.getByRole('list', { name: 'Tags' });
  await page.getByRole('button', { name: 'Edit sensor' }).click();
  await dialog().getByLabel('Tags').fill('North, north');
  await submit('Save');
  await dialog().getByText('Must not repeat the tag north.').waitFor();
  await dialog().getByLabel('Tags').fill('North,  Custody transfer ,');
  await submit('Save');
  await tags.waitFor();
  expect(await tags.getByRole('link').allTextContents()).toEqual(['North', 'Custody transfer']);
  await page.getByRole('button', { name: 'Edit sensor' }).click();
  expect(await dialog().getByLabel('Tags').inputValue()).toBe('North, Custody transfer');
  await dialog().getByLabel('Pipe diameter').fill('16');
  await submit('Save');
  await page.getByText('Pipe 16 in').waitFor();
  const { items } = await web.server.services.configurations
    .windows(web.ours.principal, [web.sensors.empty], { take: 10, from: 'first' })
    .then((found) => found.get(web.sensors.empty)!);
  expect(items.map(({ parameter }) => parameter)).toEqual(['PIPE_DIAMETER', 'TAGS']);
  await tags.getByRole('link', { name: 'Custody transfer' }).click();
  await page.getByText(/^2 of \d+$/).waitFor();
  expect(await page.getByLabel('Tag', { exact: true }).inputValue()).toBe('custody transfer');
  const names = page.getByRole('rowheader').locator('a[href*="/sensors/"]');
  expect((await names.allTextContents()).sort()).toEqual(['Crane lateral', 'Spare meter']);
  expect(await web.problems(page)).toEqual([]);
});

test('a date from which a change is in force leaves the settings that were not changed as they were', async () => {
  page = await web.open(`/app/sensors/${web.sensors.outage}`, { user: ADMIN });
  const edit = async () => {
    await page.getByRole('button', { name: 'Edit sensor' }).click();
    await dialog().getByLabel('In force', { exact: true }).selectOption('at');
    await dialog().getByLabel('In force from', { exact: true }).fill('2026-01-02');
  };
  await page.getByRole('button', { name: 'Edit sensor' }).click();
  await dialog().getByLabel('Meter factor').fill('1.01');
  await submit('Save');
  await page.getByText('Volumes times the meter factor 1.01').waitFor();
  await edit();
  await submit('Save');
  await dialog()
    .getByText(/apply from a date, and none of them was changed/)
    .waitFor();
  await dialog().getByLabel('Outage after').fill('1800');
  await submit('Save');
  await page.getByText('Counts as an outage after 30 min without a reading').waitFor();
  const query = `{ flowSensor(id: "${web.sensors.outage}") {
    configuration(at: "2026-02-01T00:00:00Z") { maxGap meterFactor }
  } }`;
  const response = await fetch(`${web.server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Token ${web.ours.reader}` },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data: unknown };
  expect(data).toEqual({ flowSensor: { configuration: { maxGap: 1800, meterFactor: 1 } } });
});

test('an administrator retires a sensor, finds it among the retired ones, and returns it to service', async () => {
  page = await web.open(`/app/sensors/${web.sensors.reverse}`, { user: ADMIN });
  await page.getByRole('button', { name: 'Retire sensor' }).click();
  await dialog().getByLabel('Reason').fill('The tank was sold');
  expect(await web.problems(page)).toEqual([]);
  await submit('Retire sensor');
  const facts = page.getByRole('region', { name: 'The sensor' });
  await facts.getByText('Retired since').waitFor();
  await page.getByRole('link', { name: 'All sensors' }).click();
  await page.getByText('Retired sensors (1)').click();
  expect(await page.getByRole('rowheader', { name: 'Tank transfer' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Tank transfer', exact: true }).click();
  await page.getByRole('button', { name: 'Return to service' }).click();
  await submit('Return to service');
  await page.getByRole('button', { name: 'Retire sensor' }).waitFor();
  expect(await facts.textContent()).not.toContain('Retired');
});

test('an administrator changes several sensors at once, after a preview of what that changes', async () => {
  const { services } = web.server;
  const { principal } = web.ours;
  const chosen = [web.sensors.outage, web.sensors.stale];
  for (const id of chosen) {
    await services.sensors.update(principal, id, { maxGap: 3600, tags: ['old'] });
  }
  await services.sensors.update(principal, web.sensors.stale, { maxGap: 600 });
  await services.groups.create(principal, { name: 'West' });
  await services.calendars.save(principal, { name: 'gas day', timeZone: 'America/Chicago' });
  page = await web.open('/app/?tag=old', { user: ADMIN });
  await page.getByLabel('Select Crane lateral').check();
  await page.getByRole('button', { name: 'Select all shown' }).click();
  await page.getByText('2 selected').waitFor();
  await page.getByRole('button', { name: 'Edit…' }).click();
  await submit('Preview');
  await dialog().getByText('Must change something.').waitFor();
  await dialog().getByLabel('Outage after').fill('0');
  await submit('Preview');
  await dialog().getByText('got 0.').waitFor();
  await dialog().getByLabel('Outage after').fill('600');
  await dialog().getByLabel('Calendar').selectOption('gas day');
  await dialog().getByLabel('Add tags').fill('North, LACT');
  await dialog().getByLabel('Remove tags').fill('OLD');
  await dialog().getByLabel('Add to the group').selectOption('West');
  await dialog().getByLabel('Reason').fill('a new gateway');
  await submit('Preview');
  await dialog().getByText('2 sensors will change.').waitFor();
  expect(await dialog().getByRole('listitem').allTextContents()).toEqual(
    expect.arrayContaining([
      ...['Outage after (s): 1 sensor', 'Calendar: 2 sensors', 'Tags: 2 sensors'],
      'Added to the group: 2 sensors',
    ]),
  );
  expect(await web.problems(page)).toEqual([]);
  const stored = () => services.sensors.find(principal, chosen).then((all) => [...all.values()]);
  for (const { tags } of await stored()) expect(tags).toEqual(['old']);
  await dialog().getByLabel('Outage after').fill('900');
  await dialog().getByText('2 sensors will change.').waitFor({ state: 'detached' });
  await submit('Preview');
  await dialog().getByText('Outage after (s): 2 sensors').waitFor();
  await submit('Save');
  await dialog().waitFor({ state: 'detached' });
  for (const sensor of await stored()) {
    expect(sensor).toMatchObject({ maxGap: 900, calendar: 'gas day', tags: ['North', 'LACT'] });
  }
  await page.getByLabel('Tag', { exact: true }).selectOption('North');
  await page.getByRole('row', { name: 'Crane lateral' }).getByText('LACT').waitFor();
  await page.getByRole('button', { name: 'Edit…' }).click();
  await dialog().getByLabel('Retire the sensors').check();
  await submit('Preview');
  await dialog().getByText('Retired since: 2 sensors').waitFor();
  await submit('Save');
  await page.getByText('Retired sensors (2)').waitFor();
  for (const id of chosen) await services.sensors.restore(principal, id);
});

test('several sensors stay as they are where one may not be changed, and the dialog says which', async () => {
  const { services } = web.server;
  const { principal } = web.ours;
  const full = Array.from({ length: 20 }, (_, index) => `tag ${index}`);
  await services.sensors.update(principal, web.sensors.stale, { tags: full });
  page = await web.open('/app/', { user: ADMIN });
  await page.getByLabel('Select Crane lateral').check();
  await page.getByLabel('Select Wink gathering').check();
  await page.getByRole('button', { name: 'Edit…' }).click();
  await dialog().getByLabel('Add tags').fill('one more');
  await submit('Preview');
  await dialog()
    .getByText(/^Crane lateral \(flow sensor \d+\): Must have at most 20 tags; got 21\.$/)
    .waitFor();
  expect(await dialog().getByText('will change').count()).toBe(0);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
});

test('a viewer is offered no changes of sensors', async () => {
  page = await web.open('/app/');
  await page.getByRole('link', { name: 'Crane lateral', exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Add sensor' }).count()).toBe(0);
  await page.getByLabel('Select Crane lateral').check();
  await page.getByText('1 selected').waitFor();
  expect(await page.getByRole('button', { name: 'Edit…' }).count()).toBe(0);
});
