import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import PdfParser, { type Output } from 'pdf2json';
import type { Domain } from '../../../src/composition/domain.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import type { StatementFile } from '../../../src/domain/statements/document.js';
import type { StatementFormat } from '../../../src/domain/statements/statements.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { createTestDomain } from '../../helpers/domain.js';

let database: TestDatabase;
let domain: Domain;
let ours: Principal;

beforeAll(async () => {
  database = await createTestDatabase();
  domain = createTestDomain(database.database);
  await domain.accounts.create('ours');
  ours = await domain.accounts.operatorIn({ name: 'ours' });
});
afterAll(async () => {
  await domain.realtime.close();
  await database.drop();
});

async function fileOf(number: number, format: StatementFormat): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await domain.statements.write(ours, number, format, (chunk) => {
    chunks.push(Buffer.from(chunk as Uint8Array));
    return Promise.resolve();
  });
  return Buffer.concat(chunks);
}

/** The texts of each page, from its top to its bottom. */
async function textsOf(pdf: Buffer): Promise<string[][]> {
  const parser = new PdfParser();
  const parsed = once(parser, 'pdfParser_dataReady');
  parser.parseBuffer(pdf, 0);
  const [{ Pages }] = (await parsed) as [Output];
  return Pages.map(({ Texts }) => Texts.map(({ R: [run] }) => decodeURIComponent(run!.T)));
}

test('the PDF of a statement has its figures in full, its days and revisions, and the same bytes each time', async () => {
  const start = new Date('2026-03-01T00:00:00-06:00');
  const end = new Date('2026-04-01T00:00:00-05:00');
  await domain.calendars.save(ours, { name: 'Texas', timeZone: 'America/Chicago' });
  const { id } = await domain.sensors.create(ours, { name: 'Größe 1' });
  const readings = Array.from({ length: 2000 }, (_, index) => ({
    sensorId: id,
    datetime: new Date(start.getTime() + index * 1_500_000 + (index > 900 ? 12_345_000 : 0)),
    flowrate: 1e6 / 3 + 50_000 * Math.sin(index / 30),
  }));
  await domain.pings.record(ours, readings, { onConflict: 'REJECT' });
  const corrected = { ...readings[5]!, flowrate: 12.5 };
  const reason = {
    reasonCode: 'METER_ERROR',
    comment: 'the meter stood still, as the driver saw and wrote down',
  };
  await domain.pings.record(ours, [corrected], { onConflict: 'OVERWRITE', ...reason });

  const period = { start, end, sensorIds: [id], calendar: 'Texas', reason: 'March' };
  const { header, hash } = await domain.statements.issue(ours, period);
  const pdf = await fileOf(header.number, 'pdf');
  expect(await fileOf(header.number, 'pdf')).toEqual(pdf);

  const [summary, ...pages] = await textsOf(pdf);
  const figure = (volume: number) => volume.toLocaleString('en-US', { minimumFractionDigits: 6 });
  expect(summary).toEqual(
    expect.arrayContaining([
      ...['Measurement statement 1', 'Größe 1', 'March', hash, `${figure(header.volume)} bbl`],
      '2026-03-01 00:00 -06:00 to 2026-04-01 00:00 -05:00',
    ]),
  );
  const file = JSON.parse(String(await fileOf(header.number, 'json'))) as StatementFile;
  const { content } = file.sensors[0]!;
  expect(content.days).toHaveLength(31);
  const texts = pages.flat();
  const figures = [content.period, ...content.days].flatMap((row) =>
    [row.volume, row.volumeMeasured, row.volumeInterpolated].map(figure),
  );
  expect(texts).toEqual(expect.arrayContaining(figures));
  // the day on which clocks go forward, and the one that an outage begins on
  expect(texts).toEqual(expect.arrayContaining(['2026-03-09 00:00 -05:00', '23:00:00', '3:50:45']));
  expect(texts).toEqual(
    expect.arrayContaining([`Größe 1 (sensor ${id})`, 'REPLACE', '12.5', figureOf(readings[5]!)]),
  );
  expect(texts.join(' ').replace(/ +/g, ' ')).toContain(`METER_ERROR: ${reason.comment}`);
});

function figureOf({ flowrate }: { flowrate: number }): string {
  return flowrate.toLocaleString('en-US', { maximumSignificantDigits: 17 });
}
