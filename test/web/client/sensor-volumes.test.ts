import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { SensorPage } from '../../helpers/sensor-page.js';
import { startWeb, type Web } from '../../helpers/web.js';

let web: Web;
let sensor: SensorPage;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
afterEach(() => web.keep(sensor.page));

/** Opens the page of a new sensor with these readings. */
async function open(
  readings: readonly [datetime: string, flowrate: number, totalizer?: number][],
  query: string,
) {
  const { sensors, pings } = web.server.services;
  const { id } = await sensors.create(web.ours.principal, { name: 'A sensor' });
  const recorded = readings.map(([datetime, flowrate, totalizer]) => ({
    sensorId: id,
    flowrate,
    totalizer,
    datetime: new Date(datetime),
  }));
  await pings.record(web.ours.principal, recorded, { onConflict: 'REJECT' });
  sensor = await SensorPage.open(web, id, query);
  return id;
}

const rowsOf = async () => {
  const table = await sensor.openTable('Volume');
  await table.locator('tfoot').waitFor();
  const rows = await table.locator('tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('td').allTextContents()));
};
const hundredths = (text: string) => Math.round(Number(text.replace(/[^\d.-]/g, '')) * 100);

test('the rows of volumes add up to their total, which is the figure of the range', async () => {
  // A third of a barrel an hour more each time: each hour's volume has endless decimals.
  const readings = Array.from({ length: 49 }, (_, half): [string, number] => [
    new Date(Date.UTC(2025, 5, 1, 0, 30 * half)).toISOString(),
    1000 + half * 10.7 + (half % 3) / 3,
  ]);
  await open(
    readings,
    '?start=2025-06-01T00:10:00Z&end=2025-06-01T23:50:00Z&interval=HOUR&zone=UTC',
  );
  const rows = await rowsOf();
  expect(rows).toHaveLength(24);
  const total = hundredths((await sensor.figure('Volume in the range').textContent())!);
  expect(rows.reduce((sum, row) => sum + hundredths(row[2]!), 0)).toBe(total);
  const totals = await sensor.page.locator('tfoot td').allTextContents();
  expect(hundredths(totals[0]!)).toBe(total);
  expect(rows.reduce((sum, row) => sum + Number(row[6]), 0)).toBe(Number(totals[4]));
});

test('the hour that occurs twice is named by its zone’s two times', async () => {
  await open(
    [
      ['2025-11-02T04:00:00Z', 2400],
      ['2025-11-02T05:00:00Z', 2400],
      ['2025-11-02T06:00:00Z', 2400],
      ['2025-11-02T07:00:00Z', 2400],
      ['2025-11-02T08:00:00Z', 2400],
    ],
    '?start=2025-11-02T05:00:00Z&end=2025-11-02T08:00:00Z&interval=HOUR&zone=America/Chicago',
  );
  const rows = await rowsOf();
  expect(rows.map(([from, to]) => [from, to])).toEqual([
    ['Nov 2, 2025, 00:00:00', 'Nov 2, 2025, 01:00:00 CDT'],
    ['Nov 2, 2025, 01:00:00 CDT', 'Nov 2, 2025, 01:00:00 CST'],
    ['Nov 2, 2025, 01:00:00 CST', 'Nov 2, 2025, 02:00:00'],
  ]);
});

/** Four hours at 2400 bbl/d, six without a reading, two at 2400 again; nothing before or after. */
const WITH_OUTAGE: [datetime: string, flowrate: number][] = [
  '2025-06-10T06:00:00Z',
  '2025-06-10T07:00:00Z',
  '2025-06-10T08:00:00Z',
  '2025-06-10T09:00:00Z',
  '2025-06-10T10:00:00Z',
  '2025-06-10T16:00:00Z',
  '2025-06-10T17:00:00Z',
  '2025-06-10T18:00:00Z',
].map((datetime) => [datetime, 2400]);
const THREE_DAYS = '?start=2025-06-09T00:00:00Z&end=2025-06-12T00:00:00Z&interval=DAY&zone=UTC';

test('a bar is solid as far as measured, hatched where interpolated, and grey without readings', async () => {
  await open(WITH_OUTAGE, THREE_DAYS);
  await sensor.page.mouse.move(0, 0);
  // Noon of the days before and after, and in the middle of what readings cover of the day itself.
  const [before, day, after] = await Promise.all([1 / 6, 0.5, 5 / 6].map(column));
  expect(before!.solid).toBe(0);
  expect(before!.filled).toBeGreaterThan(0.9);
  expect(after!.filled).toBeGreaterThan(0.9);
  // Six hours of twelve are measured, and bars leave 8 % of the height free.
  expect(day!.solid).toBeCloseTo(0.5 / 1.08, 1);
  expect(day!.filled).toBeCloseTo(1 / 1.08, 1);
  const night = await column((24 + 3) / 72);
  expect(night.solid).toBe(0);
});

test('the readout of a bar tells no readings from no flow, and measured from interpolated volume', async () => {
  await open(WITH_OUTAGE, THREE_DAYS);
  await sensor.point('volume', 1 / 6);
  const readout = () => sensor.readout('volume').textContent();
  expect(await readout()).toContain('no readings, no volume known');
  await sensor.point('volume', 0.5);
  expect(await readout()).toContain(
    '1,200.00 bbl (600.00 measured, 600.00 interpolated over outages), measured 25 % of the time',
  );
  expect(await sensor.figure('Of it interpolated').textContent()).toBe('600.00 bbl');
  const rows = await rowsOf();
  expect(rows.map((row) => row.slice(2, 5))).toEqual([
    ['–', '–', '0 %'],
    ['1,200.00', '600.00', '25 %'],
    ['–', '–', '0 %'],
  ]);
});

test('a bar explains itself: its parts, its outages, what the meter counted, and the hours in it', async () => {
  const counted = WITH_OUTAGE.map(([at, flowrate], index): [string, number, number] => [
    ...([at, flowrate, 130 * index] as const),
  ]);
  await open(counted, THREE_DAYS);
  const { page } = sensor;
  await sensor.point('volume', 0.5);
  await page.mouse.down();
  await page.mouse.up();
  const details = page.getByRole('region', { name: 'Details of the bar' });
  const cellsOf = (name: string) =>
    details.getByRole('row', { name }).getByRole('cell').allTextContents();
  expect(await cellsOf('Measured')).toEqual(['600.00', '6 h', '25 %']);
  expect(await cellsOf('Interpolated over outages')).toEqual(['600.00', '6 h', '25 %']);
  expect(await cellsOf('No readings')).toEqual(['–', '12 h', '50 %']);
  await details.getByText('Jun 10, 2025, 16:00:00').waitFor();
  expect(await cellsOf('Jun 10, 2025, 10:00:00')).toEqual([
    'Jun 10, 2025, 10:00:00',
    'Jun 10, 2025, 16:00:00',
    '6 h',
    '600.00',
  ]);
  const total = details.getByRole('table', { name: 'The meter’s own totalizer' });
  await total.getByText('Jun 10, 2025, 18:00:00').waitFor();
  expect(await total.locator('tbody tr').allTextContents()).toEqual([
    ...['Counted by the meter910.00', 'Volume of the flowrates1,200.00', 'Difference-290.00'],
  ]);
  expect(await web.problems(page)).toEqual([]);
  await details.getByRole('button', { name: 'Zoom in to this bar' }).click();
  await page.waitForURL(/start=2025-06-10T00%3A00%3A00.000Z&end=2025-06-11T00%3A00%3A00.000Z/);
  await page.locator('[aria-pressed="true"]', { hasText: 'Hours' }).waitFor();
});

test('flow in both directions is drawn on both sides of zero', async () => {
  const back: typeof WITH_OUTAGE = [
    ['2025-06-10T10:00:00Z', -2400],
    ['2025-06-10T16:00:00Z', -2400],
  ];
  const forth = WITH_OUTAGE.filter(([at]) => !back.some(([other]) => other === at)).map(
    ([at, flowrate]): [string, number] => [at, flowrate],
  );
  await open([...forth, ...back], THREE_DAYS);
  await sensor.point('volume', 0.5);
  const text = await sensor.readout('volume').textContent();
  expect(text).toContain('-200.00 bbl (400.00 measured, -600.00 interpolated over outages)');
});

test('a printed page has all rows of an open table and no controls', async () => {
  await open(WITH_OUTAGE, THREE_DAYS.replace('DAY', 'HOUR'));
  const { page } = sensor;
  expect(await rowsOf()).toHaveLength(72);
  await page.emulateMedia({ media: 'print' });
  const table = page.getByRole('region', { name: 'Volume table' });
  const [whole, visible] = await table.evaluate((box) => [box.scrollHeight, box.clientHeight]);
  expect(visible).toBe(whole);
  expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0);
  expect(await page.locator('.range-text').isVisible()).toBe(true);
  expect(await sensor.figures.textContent()).toContain('(UTC)');
});

/**
 * Of the column of bars' pixels at a share of the width: which shares of the height are of the
 * bars' own colour, and of any colour at all.
 */
function column(share: number): Promise<{ solid: number; filled: number }> {
  return sensor.page.evaluate((at) => {
    const plot = document.querySelectorAll('.uplot')[1]!;
    const canvas = plot.querySelector('canvas')!;
    const [over, frame] = [plot.querySelector('.u-over')!, canvas].map((each) =>
      each.getBoundingClientRect(),
    );
    const scale = canvas.width / frame!.width;
    const x = Math.round((over!.left - frame!.left + over!.width * at) * scale);
    const y = Math.round((over!.top - frame!.top) * scale);
    const height = Math.round(over!.height * scale);
    // Beside a line of the grid: three pixels, so that a hatch is not missed.
    const { data } = canvas.getContext('2d')!.getImageData(x + 3, y, 1, height);
    const colour = document.createElement('span');
    colour.style.color = 'var(--accent)';
    document.body.append(colour);
    const accent = getComputedStyle(colour).color.match(/\d+/g)!.slice(0, 3).map(Number);
    colour.remove();
    let [solid, filled] = [0, 0];
    for (let row = 0; row < height; row += 1) {
      const [red, green, blue, alpha] = data.slice(row * 4, row * 4 + 4);
      if (alpha === 255) filled += 1;
      if (red === accent[0] && green === accent[1] && blue === accent[2]) solid += 1;
    }
    return { solid: solid / height, filled: filled / height };
  }, share);
}
