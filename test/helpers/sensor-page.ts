import type { Locator, Page } from 'playwright-core';
import type { Web } from './web.js';

/** A sensor's page in the browser: what tests do there and read from it. */
export class SensorPage {
  constructor(readonly page: Page) {}

  /** Opens it and waits for its figures, readings and volumes. */
  static async open(
    web: Web,
    sensorId: number,
    query = '',
    options: Parameters<Web['open']>[1] = {},
  ): Promise<SensorPage> {
    const page = await web.open(`/app/sensors/${sensorId}${query}`, options);
    await page.getByText('Volume in the range').waitFor();
    const sensor = new SensorPage(page);
    await sensor.loaded();
    return sensor;
  }

  /** Waits until everything shown is of the range that the page shows. */
  async loaded(): Promise<void> {
    await this.page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  }

  figure(name: string): Locator {
    return this.page.locator('.figure').filter({ hasText: name }).locator('dd');
  }

  get figures(): Locator {
    return this.page.getByRole('region', { name: 'Figures of the range' });
  }

  get plot(): Locator {
    return this.page.getByRole('group', { name: 'Flowrate plot' });
  }

  /** the readouts of the flowrate plot and of the bars */
  readout(of: 'flowrate' | 'volume'): Locator {
    return this.page.locator('.readout').nth(of === 'flowrate' ? 0 : 1);
  }

  /** Moves the pointer to a share of the width of the flowrate plot or of the bars. */
  async point(at: 'flowrate' | 'volume', share: number): Promise<void> {
    const over = this.page.locator('.u-over').nth(at === 'flowrate' ? 0 : 1);
    await over.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await over.boundingBox())!;
    await this.page.mouse.move(x + width * share, y + height / 2);
  }

  /** Drags across the flowrate plot, from one share of its width to another. */
  async drag(from: number, to: number): Promise<void> {
    await this.point('flowrate', from);
    await this.page.mouse.down();
    const { x, y, width, height } = (await this.page.locator('.u-over').first().boundingBox())!;
    await this.page.mouse.move(x + width * to, y + height / 2, { steps: 4 });
    await this.page.mouse.up();
  }

  async openTable(name: 'Volume' | 'Flowrate'): Promise<Locator> {
    await this.page
      .getByText(name === 'Volume' ? 'Volumes as a table' : 'Flowrate as a table')
      .click();
    await this.loaded();
    return this.page.getByRole('region', { name: `${name} table` });
  }

  get parameters(): URLSearchParams {
    return new URL(this.page.url()).searchParams;
  }

  /** the range in the address, milliseconds since 1970 */
  get range(): { start: number; end: number } {
    const [start, end] = ['start', 'end'].map((name) => Date.parse(this.parameters.get(name)!));
    return { start: start!, end: end! };
  }

  /** Acts, waits for another range in the address, and returns its length in hours. */
  async hoursAfter(act: () => Promise<unknown>): Promise<number> {
    const before = this.page.url();
    await act();
    await this.page.waitForURL((url) => url.href !== before && url.searchParams.has('start'));
    return (this.range.end - this.range.start) / 3_600_000;
  }
}
