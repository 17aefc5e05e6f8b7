import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { ADMIN, startWeb, USER, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
afterEach(() => web.keep(page));

const DAY_MS = 86_400_000;
const button = (name: string) => page.getByRole('button', { name, exact: true });
const status = (text: string) => page.getByRole('status').getByText(text).waitFor();
const dialog = () => page.getByRole('dialog');
const names = () => page.locator('.sensor-table tbody th a').allTextContents();

async function groupsOf(principal: Principal) {
  const window = { take: 10, from: 'first', after: undefined, before: undefined } as const;
  return (await web.server.services.groups.window(principal, window)).groups;
}

test('sensors are selected into a new group, added to it and taken out, and the list and its totals are of the group', async () => {
  page = await web.open('/app/', { user: ADMIN });
  await page.getByLabel('Select Midland pump').check();
  await page.getByLabel('Select Tank transfer').check();
  await page.getByRole('button', { name: 'Group…' }).click();
  await dialog().getByLabel('Name').fill('North battery');
  expect(await web.violations(page)).toEqual([]);
  await dialog().getByRole('button', { name: 'Add to the group' }).click();
  await page.getByLabel('Group', { exact: true }).selectOption('North battery');
  await page.getByText('2 of 5').waitFor();
  expect((await names()).sort()).toEqual(['Midland pump', 'Tank transfer']);
  expect(new URL(page.url()).searchParams.get('group')).toMatch(/^\d+$/);
  expect(await web.problems(page)).toEqual([]);

  await page.getByRole('button', { name: 'Select none' }).click();
  await page.getByLabel('Select Tank transfer').check();
  await page.getByRole('button', { name: 'Group…' }).click();
  await dialog().getByLabel('Group', { exact: true }).selectOption('North battery');
  await dialog().getByLabel('What to do').selectOption('Take the sensors out');
  await dialog().getByRole('button', { name: 'Take out of the group' }).click();
  await page.getByText('1 of 5').waitFor();
  expect(await names()).toEqual(['Midland pump']);
  expect(await groupsOf(web.theirs.principal)).toEqual([]);
});

test('the volumes of a period and their total are of a group, also for a viewer, who makes no groups', async () => {
  page = await web.open('/app/', { user: USER });
  await page.getByLabel('Select Midland pump').check();
  await page.getByText('1 selected').waitFor();
  expect(await page.getByRole('button', { name: 'Group…' }).count()).toBe(0);
  await page.goto('/app/volumes');
  await page.getByLabel('Group', { exact: true }).selectOption('North battery');
  await page.getByText('Total of 1 sensor').waitFor();
  expect(await page.locator('.volumes-table tbody tr').textContent()).toContain('Midland pump');
  await page.getByRole('button', { name: 'Today' }).click();
  await page.getByText('Total of 1 sensor').waitFor();
  expect(new URL(page.url()).searchParams.get('group')).toMatch(/^\d+$/);
  expect(web.errors).toEqual([]);
});

test('a group is added, its sensors get directions, its balance is shown, and it is renamed and deleted', async () => {
  const { calendars } = web.server.services;
  const { flowing, outage } = web.sensors;
  const gasDay = { timeZone: 'America/Chicago', dayStart: '07:00' };
  await calendars.save(web.ours.principal, { name: 'gas day', ...gasDay });
  page = await web.open('/app/', { user: ADMIN });
  await page.getByRole('link', { name: 'Groups', exact: true }).click();
  await button('Add group').click();
  await dialog().getByLabel('Name').fill('North battery');
  await dialog().getByRole('button', { name: 'Add group' }).click();
  await dialog().getByText('The account has another group named').waitFor();
  await dialog().getByLabel('Name').fill('Wink lease');
  await dialog().getByLabel('Days').selectOption('gas day');
  await dialog().getByRole('button', { name: 'Add group' }).click();
  await status('The group Wink lease was added.');

  await button('Sensors… of Wink lease').click();
  for (const name of ['Midland pump', 'Wink gathering', 'Spare meter']) {
    await dialog().getByLabel('Add a sensor').fill(name.toUpperCase());
    await dialog()
      .getByRole('button', { name: `Add ${name}` })
      .click();
  }
  await dialog().getByLabel('Direction of Midland pump').selectOption('In');
  await dialog().getByLabel('Direction of Wink gathering').selectOption('Out');
  await button('Take out Spare meter').click();
  await dialog().getByText('2 sensors', { exact: true }).waitFor();
  expect(await web.problems(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await dialog().getByRole('button', { name: 'Save' }).click();
  await status('The sensors of Wink lease were changed.');
  const row = page.getByRole('row').filter({ hasText: 'Wink lease' });
  await row.getByText('2: 1 in, 1 out').waitFor();
  const [group] = (await groupsOf(web.ours.principal)).filter(({ name }) => name === 'Wink lease');
  const members = await web.server.services.groups.members(web.ours.principal, [group!.id]);
  expect(members.get(group!.id)).toEqual([
    { sensorId: flowing, direction: 'IN' },
    { sensorId: outage, direction: 'OUT' },
  ]);

  await page.getByRole('link', { name: 'Balance of Wink lease' }).click();
  await button('Yesterday').click();
  const total = page.getByRole('row', { name: 'Total' });
  await page.locator('[aria-busy="false"]').getByRole('row', { name: 'Total' }).waitFor();
  const [inward, outward, imbalance] = (await total.getByRole('cell').allTextContents()).map(
    (text) => Number(text.replaceAll(',', '')),
  );
  expect(inward).toBeGreaterThan(0);
  expect(imbalance).toBeCloseTo(inward! - outward!, 6);
  expect(await web.problems(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });

  await button('Edit… Wink lease').click();
  await dialog().getByLabel('Name').fill('Wink unit');
  await dialog().getByLabel('Days').selectOption('Days of UTC');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await status('The group Wink unit was changed.');
  await page.getByRole('link', { name: 'Volumes of Wink unit' }).click();
  await page.getByText('Total of 2 sensors').waitFor();
  await page.goBack();
  await button('Delete… Wink unit').click();
  await dialog().getByRole('button', { name: 'Delete group' }).click();
  await status('The group Wink unit was deleted.');
  expect((await groupsOf(web.ours.principal)).map(({ name }) => name)).toEqual(['North battery']);
});

test('the statements of a group begin with its sensors and its calendar', async () => {
  const { services } = web.server;
  const { principal } = web.ours;
  await services.calendars.save(principal, { name: 'lease day', timeZone: 'America/Chicago' });
  const group = await services.groups.create(principal, {
    ...{ name: 'Stated lease', calendar: 'lease day' },
  });
  await services.groups.setMembers(principal, group.id, [
    { sensorId: web.sensors.outage, direction: null },
  ]);
  page = await web.open('/app/groups', { user: ADMIN });
  await page.getByRole('link', { name: 'Statements of Stated lease' }).click();
  await page.getByText('is of the sensors of Stated lease').waitFor();
  await button('Issue a statement').click();
  await dialog().getByText('Only these (1 chosen)').waitFor();
  expect(await dialog().getByLabel('Wink gathering').isChecked()).toBe(true);
  expect(await dialog().getByLabel('Calendar').inputValue()).toBe('lease day');
  await services.groups.delete(principal, group.id);
});

test('days above the threshold of a group are shown as out of balance, and a wrong threshold is named', async () => {
  const { groups, sensors, pings } = web.server.services;
  const { principal } = web.ours;
  const { id } = await groups.create(principal, { name: 'Lease 9' });
  const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
  const members: { sensorId: number; direction: 'IN' | 'OUT' }[] = [];
  for (const [name, direction, flowrate] of [
    ['Intake', 'IN', 2400],
    ['Delivery', 'OUT', 2000],
  ] as const) {
    const sensor = await sensors.create(principal, { name, maxGap: 7200 });
    const start = Date.parse(`${yesterday}T00:00:00Z`);
    const readings = Array.from({ length: 25 }, (_, hour) => {
      return { sensorId: sensor.id, flowrate, datetime: new Date(start + hour * 3_600_000) };
    });
    await pings.record(principal, readings, { onConflict: 'REJECT' });
    members.push({ sensorId: sensor.id, direction });
  }
  await groups.setMembers(principal, id, members);
  page = await web.open(`/app/groups?group=${id}`, { user: ADMIN });
  await button('Yesterday').click();
  await button('Edit… Lease 9').click();
  const percent = dialog().getByLabel('Alert above, % of the inflow');
  await percent.fill('many');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Must be a number.').waitFor();
  await percent.fill('500');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Must be 0 to 100 percent of the inflow; got 500.').waitFor();
  await percent.fill('10');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await status('The group Lease 9 was changed.');
  const day = () => page.getByRole('row').filter({ hasText: yesterday });
  await day().getByText('Out of balance').waitFor();
  expect(await web.problems(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  const { sensorId } = members[1]!;
  await pings.delete(
    principal,
    sensorId,
    {
      start: new Date(`${yesterday}T10:00:00Z`),
      end: new Date(`${yesterday}T15:00:00Z`),
    },
    { dryRun: false, reasonCode: 'METER_ERROR' },
  );
  page = await web.open(`/app/groups?group=${id}`, { user: USER });
  await button('Yesterday').click();
  await day().getByText('Not fully measured').waitFor();
});

test('a group with a closed period is not deleted, and the page says why', async () => {
  const [group] = await groupsOf(web.ours.principal);
  const start = new Date(Math.floor(Date.now() / DAY_MS - 2) * DAY_MS);
  await web.server.services.periods.close(web.ours.principal, group!.id, {
    ...{ start, end: new Date(start.getTime() + DAY_MS) },
  });
  page = await web.open('/app/groups', { user: ADMIN });
  await button('Delete… North battery').click();
  await dialog().getByRole('button', { name: 'Delete group' }).click();
  const refused = dialog().getByRole('alert');
  expect(await refused.textContent()).toBe('The group has closed periods, whose record stays.');
});

test('a viewer sees groups and their balance, and changes nothing; another account sees none', async () => {
  page = await web.open('/app/groups', { user: USER });
  await page.getByRole('link', { name: 'Balance of North battery' }).click();
  await page.getByRole('row', { name: 'Total' }).waitFor();
  for (const name of ['Add group', 'Sensors… of North battery', 'Edit… North battery']) {
    expect(await button(name).count()).toBe(0);
  }
  expect(await groupsOf(web.theirs.principal)).toEqual([]);
  expect(web.errors).toEqual([]);
});
