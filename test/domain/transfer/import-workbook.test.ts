import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { ImportFixture } from '../../helpers/imports.js';
import { workbookParts, zip } from '../../helpers/workbook.js';

let db: TestDatabase;
let fixture: ImportFixture;

beforeAll(async () => {
  db = await createTestDatabase();
  fixture = new ImportFixture(db);
});

afterAll(() => db.drop());

const STRINGS = ['sensor_name', 'datetime', 'flowrate', 'FT "1", north'];
const HEADER =
  '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>';
const SHEET = 'xl/worksheets/sheet2.xml';

test('an Excel workbook is read: texts, datetimes by their style, and numbers to the last digit', async () => {
  const rows = `${HEADER}
    <row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2" s="1"><v>45327.861828703702</v></c><c r="C2" s="3"><v>1234.5</v></c></row>
    <row r="4"><c r="A4" t="inlineStr"><is><r><t>FT</t></r><r><t>-2</t></r></is></c><c r="B4" s="2"><v>45328</v></c><c r="C4"><v>0.30000000000000004</v></c></row>
    <row><c t="str"><v>FT-2</v></c><c t="d"><v>2024-02-06T01:00:00</v></c><c><v>1E-3</v></c></row>`;
  const file = zip(workbookParts(rows, STRINGS));
  const format = { timeZone: 'America/Chicago' };
  for (const size of [7, 1 << 16]) {
    expect(await fixture.load(file, { format }, size)).toMatchObject({
      pings: [
        'FT "1", north,2024-02-06T02:41:02Z,1234.5',
        'FT-2,2024-02-06T06:00:00Z,0.30000000000000004',
        'FT-2,2024-02-06T07:00:00Z,0.001',
      ],
      recognised: ['the first of 2 sheets, "März", of an Excel workbook'],
    });
  }
});

test('the lines of errors in a workbook are its rows', async () => {
  const rows = `${HEADER}<row r="9"><c r="A9" t="s"><v>3</v></c><c r="B9" s="1"><v>45327.5</v></c><c r="C9" t="e"><v>#N/A</v></c></row>`;
  expect(await fixture.errorsOf(zip(workbookParts(rows, STRINGS)))).toEqual([
    '9 flowrate: Must be a number, not "#N/A". [nullValues=#N/A]',
  ]);
});

test('a workbook that counts days from 1904, with date and time apart, is read', async () => {
  const parts = workbookParts(
    `<row><c t="str"><v>sensor_name</v></c><c t="str"><v>Date</v></c><c t="str"><v>Time</v></c><c t="str"><v>flowrate</v></c></row>
     <row><c t="str"><v>A</v></c><c s="1"><v>43865</v></c><c s="1"><v>0.25</v></c><c><v>7</v></c></row>`,
  );
  const file = zip({
    ...parts,
    'xl/workbook.xml': parts['xl/workbook.xml'].replace('<sheets>', '<workbookPr date1904="1"/>$&'),
  });
  const format = { columns: { datetime: 'Date+Time' } };
  expect((await fixture.load(file, { format })).pings).toEqual(['A,2024-02-05T06:00:00Z,7']);
});

const PARTS = workbookParts(HEADER, STRINGS);
const LONG = '1'.repeat(5_000_000);

test.each<[string, Buffer, RegExp]>([
  [
    'that unpacks to more than it says',
    zip({ ...PARTS, [SHEET]: `<a>${' <b/>'.repeat(2_000_000)}</a>` }, { [SHEET]: 1000 }),
    /cannot be read: too many bytes/,
  ],
  ['with a sheet of a gigabyte', zip(PARTS, { [SHEET]: 2 ** 30 }), /too large: .*sheet2/],
  [
    'with texts of a gigabyte',
    zip(PARTS, { 'xl/sharedStrings.xml': 2 ** 30 }),
    /too large: .*sharedStrings/,
  ],
  [
    'with an endless text',
    zip({ ...PARTS, [SHEET]: `<a><row><c><v>${LONG}</v></c></row></a>` }),
    /damaged .*too long/,
  ],
  [
    'that declares entities',
    zip({
      ...PARTS,
      [SHEET]: `<!DOCTYPE a [<!ENTITY e "${'x'.repeat(1000)}">]><a><row><c><v>&e;</v></c></row></a>`,
    }),
    /damaged .*entity/,
  ],
  ['that is cut off', zip(PARTS).subarray(0, 400), /cannot be read/],
  ['without a workbook', zip({ 'a.txt': 'hello' }), /ZIP archive without an Excel workbook/],
  [
    'with rows out of order',
    zip(workbookParts('<row r="5"/><row r="5"/>')),
    /the row 5 is not possible/,
  ],
])('an archive %s is refused with one error', async (_, file, message) => {
  expect(await fixture.errorsOf(file)).toEqual([expect.stringMatching(message)]);
});
