import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { HEADER, ImportFixture, PINGS, PLAIN } from '../../helpers/imports.js';

let db: TestDatabase;
let fixture: ImportFixture;

beforeAll(async () => {
  db = await createTestDatabase();
  fixture = new ImportFixture(db);
});

afterAll(() => db.drop());

const utf16be = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();

describe('how a file is written', () => {
  test.each<[string, string | Buffer, string[]]>([
    ['plain', PLAIN, []],
    ['a UTF-8 byte order mark', `\uFEFF${PLAIN}`, []],
    ['UTF-16LE', Buffer.from(`\uFEFF${PLAIN}`, 'utf16le'), ['as UTF-16LE']],
    ['UTF-16BE', utf16be(PLAIN), ['as UTF-16BE']],
    ['gzip', gzipSync(PLAIN), ['compressed by gzip']],
    ['CR lines', PLAIN.replaceAll('\n', '\r'), ['lines that end in a carriage return']],
    ['CRLF lines', PLAIN.replaceAll('\n', '\r\n'), []],
    ['a sep= line', `sep=,\r\n${PLAIN}`, ['separated by commas']],
    ['a sep= line with tab', `"sep=\t"\n${PLAIN.replaceAll(',', '\t')}`, ['separated by tabs']],
    ['comments', `# from a historian\n\n# 2024\n${PLAIN}`, []],
    ['semicolons', PLAIN.replaceAll(',', ';'), ['separated by semicolons']],
    ['tabs', PLAIN.replaceAll(',', '\t'), ['separated by tabs']],
    ['vertical bars', PLAIN.replaceAll(',', '|'), ['separated by vertical bars']],
    ['quotes', PLAIN.replace(/[^,\n]+/g, '"$&"'), []],
    [
      'quotes and semicolons',
      PLAIN.replace(/[^,\n]+/g, '"$&"').replaceAll(',', ';'),
      ['separated by semicolons'],
    ],
  ])('a file with %s is recognised, wherever its pieces are cut', async (_, file, recognised) => {
    for (const size of [1, 7, 1 << 16]) {
      expect(await fixture.load(file, {}, size)).toMatchObject({ pings: PINGS, recognised });
    }
  });

  test('the line numbers of errors count comments, sep= lines and lines that end in CR', async () => {
    const file = `sep=;\r# c\rsensor_name;datetime;flowrate\rA;2024-03-01T06:00:00Z;x\r`;
    expect(await fixture.errorsOf(file)).toEqual([
      '4 flowrate: Must be a number, not "x". [nullValues=x]',
    ]);
  });

  test('text in another encoding is read as the encoding that was named', async () => {
    const file = Buffer.from(`${HEADER}\nCafé,2024-03-01T06:00:00Z,1\n`, 'latin1');
    const { pings } = await fixture.load(file, { encoding: 'windows-1252' });
    expect(pings).toEqual(['Café,2024-03-01T06:00:00Z,1']);
    // Where Windows-1252 differs from ISO 8859-1.
    const own = Buffer.from(`${HEADER}\nCaf\xe9 \x80\x92,2024-03-01T06:00:00Z,1\n`, 'latin1');
    const loaded = await fixture.load(own, { encoding: 'windows-1252' });
    expect(loaded.pings).toEqual(['Café €’,2024-03-01T06:00:00Z,1']);
    expect(await fixture.errorsOf(file)).toEqual([
      '2 sensor_name: Must be UTF-8 text, not "Caf\uFFFD". [encoding]',
    ]);
  });

  test.each<[string, string | Buffer, RegExp]>([
    ['an old Excel workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0]), /Excel workbook/],
    ['UTF-16 without a byte order mark', Buffer.from(PLAIN, 'utf16le'), /\[encoding=utf-16le\]/],
    ['damaged gzip', gzipSync(PLAIN).subarray(0, 40), /damaged gzip/],
    ['an empty file', '', /The file is empty/],
    ['only comments', '# nothing\n', /The file is empty/],
    ['a header without rows', `${HEADER}\n`, /a header and no rows/],
    ['a header without rows that ends in CR', `${HEADER}\r`, /a header and no rows/],
    [
      'a header with another name',
      'Tag,datetime,flowrate\nA,2020-01-01,1',
      /no column sensor_id or sensor_name, only .*\[columns=sensor_name=Tag,datetime=datetime,flowrate=flowrate\]/,
    ],
    [
      'a table with columns that are of no sensor',
      'Timestamp,FT-1,FT-2\n2020-01-01,1,2',
      /\[columns wide=datetime=Timestamp\]/,
    ],
    ['a separator that is not recognised', 'sensor_name~datetime~flowrate\n', /\[delimiter\]/],
    ['two columns of one name', `${HEADER},flowrate\nA,2020-01-01,1,2`, /several columns/],
    [
      'an unquoted decimal comma',
      `${HEADER}\nA,2020-01-01,1,5`,
      /^2 : There are 4 fields, and 3 in the header\. .*decimal comma must be in quotes/,
    ],
  ])('%s is refused with one error', async (_, file, message) => {
    const errors = await fixture.errorsOf(file);
    expect(errors).toEqual([expect.stringMatching(message)]);
  });
});

describe('numbers', () => {
  const load = (values: string[], delimiter = ',', decimal?: '.' | ',') => {
    const rows = values.map((value, index) => {
      const minute = String(index).padStart(2, '0');
      const text = value.includes(delimiter) ? `"${value}"` : value;
      return ['A', `2024-03-01T06:${minute}:00Z`, text].join(delimiter);
    });
    const file = [HEADER.replaceAll(',', delimiter), ...rows].join('\n');
    return [file, { format: { decimal } }] as const;
  };
  const flowratesOf = async (...args: Parameters<typeof load>) => {
    const { pings } = await fixture.load(...load(...args));
    return pings.map((ping) => Number(ping.split(',')[2]));
  };

  test.each<[string[], string, '.' | ',' | undefined, number[]]>([
    [
      ['1,234.5', '1 234.5', '1\u00A0234.5', "1'234.5", '1,234,567'],
      ',',
      undefined,
      [1234.5, 1234.5, 1234.5, 1234.5, 1_234_567],
    ],
    [['1,234', '12.5'], ',', undefined, [1234, 12.5]],
    [['1,234'], ',', '.', [1234]],
    [['1,234', '1234,5'], ',', ',', [1.234, 1234.5]],
    [['1234,5', '1.234,5', '1.234', '7'], ';', undefined, [1234.5, 1234.5, 1234, 7]],
    [['1.234', '12.5'], ';', undefined, [1.234, 12.5]],
    [['1.234', '1,2'], ';', ',', [1234, 1.2]],
    [['1.234', '1,234'], ';', '.', [1.234, 1234]],
    [['5,0E3', '-1,5', '+2', ',5', '1.234.567,8'], ';', ',', [5000, -1.5, 2, 0.5, 1_234_567.8]],
    [['1234.5 bbl/d', '7bbl/d', '\u22125'], ',', undefined, [1234.5, 7, -5]],
  ])(
    '%j separated by %j with the decimal separator %s are read',
    async (values, delimiter, decimal, expected) => {
      expect(await flowratesOf(values, delimiter, decimal)).toEqual(expected);
    },
  );

  test.each<[string[], string, '.' | ',' | undefined, RegExp]>([
    [['1,234'], ',', undefined, /ambiguous: "1,234".*\[decimal\]/],
    [['1234,5'], ',', undefined, /decimal point.*\[decimal=,\]/],
    [['1.234'], ';', undefined, /ambiguous: "1.234".*\[decimal\]/],
    [['1.234', '1,5'], ';', undefined, /^2 .*"1,5" in line 3: "1.234".*\[decimal\]/],
    [['1,5', '1.5'], ';', undefined, /^3 .*"1,5" in line 2: "1.5".*\[decimal\]/],
    [['12,34,5'], ',', '.', /Must be 0 or a number/],
    [['1.2.3'], ';', undefined, /Must be 0 or a number/],
    [['5 m3/h'], ',', undefined, /unit m3\/h.*\[unit=m3\/h\]/],
    [[''], ',', undefined, /Must not be empty\. \[skipEmpty\]/],
    [['NaN'], ',', undefined, /\[nullValues=NaN\]/],
    [['1e16'], ',', undefined, /magnitude/],
    [['0x10'], ',', undefined, /Must be 0 or a number/],
  ])(
    '%j separated by %j with the decimal separator %s are refused with the option that settles it',
    async (values, delimiter, decimal, message) => {
      expect(await fixture.errorsOf(...load(values, delimiter, decimal))).toEqual([
        expect.stringMatching(message),
      ]);
    },
  );
});

describe('columns and rows', () => {
  test('columns have the names of the file, and those not read are named', async () => {
    const text = 'Tag,Date,Time,Value,Note,grade\nA,2024-02-05,20:41:02,1234.5,x,Good\n';
    const columns = { sensorName: 'tag', datetime: 'Date+Time', flowrate: 'Value' };
    expect(await fixture.load(text, { format: { columns } })).toMatchObject({
      pings: ['A,2024-02-05T20:41:02Z,1234.5'],
      unreadColumns: ['Note', 'grade'],
    });
    const wrong = text.replace('1234.5', '?');
    expect(await fixture.errorsOf(wrong, { format: { columns } })).toEqual([
      '2 Value: Must be a number, not "?". [nullValues=?]',
    ]);
  });

  test('a wide table has a sensor for each column and no reading for a blank cell', async () => {
    const text = 'Timestamp,FT-1,FT-2,Note\n2024-02-05T20:00:00Z,1,2,\n2024-02-05T21:00:00Z,3,,\n';
    const format = { wide: true, columns: { datetime: 'Timestamp', flowrate: 'FT-1+FT-2' } };
    expect(await fixture.load(text, { format })).toMatchObject({
      rows: 2,
      readings: 3,
      inserted: 3,
      sensorsCreated: 2,
      leftOut: { empty: 1 },
      unreadColumns: ['Note'],
      pings: [
        'FT-1,2024-02-05T20:00:00Z,1',
        'FT-1,2024-02-05T21:00:00Z,3',
        'FT-2,2024-02-05T20:00:00Z,2',
      ],
    });
  });

  test('a table is recognised if, beside the datetime, every column has the name of a sensor', async () => {
    const text = 'Timestamp;FT-1;FT-2\n2024-02-05 20:00;1,5;2\n2024-02-05 20:10;"1.003,5";\n';
    const sensors = ['FT-1', 'FT-2'];
    expect(await fixture.load(text, { sensors, createSensors: false })).toMatchObject({
      pings: [
        'FT-1,2024-02-05T20:00:00Z,1.5',
        'FT-1,2024-02-05T20:10:00Z,1003.5',
        'FT-2,2024-02-05T20:00:00Z,2',
      ],
      recognised: [
        'separated by semicolons',
        'a column for each sensor',
        'with decimal commas',
        'with thousands separators',
      ],
    });
  });

  test('rows that --where, --null-value and --skip-empty exclude are left out and counted', async () => {
    const rows = [
      '1,Good,x',
      '2,Bad,x',
      '-999999,Good,x',
      '-999999.0,Good,x',
      'nan,Good,x',
      ',Good,x',
      '3,Uncertain,x',
      '4,Good,y',
    ];
    const text = [
      `${HEADER},quality,unit`,
      ...rows.map((row, index) => `A,2024-02-05T20:0${index}:00Z,${row}`),
    ].join('\n');
    const format = {
      where: [
        { column: 'Quality', value: 'Good' },
        { column: 'quality', value: 'Uncertain' },
        { column: 'unit', value: 'x' },
      ],
      nullValues: ['-999999', 'NaN'],
      skipEmpty: true,
    };
    expect(await fixture.load(text, { format })).toMatchObject({
      rows: 8,
      inserted: 2,
      leftOut: { where: 2, nullValues: 3, empty: 1 },
      pings: ['A,2024-02-05T20:00:00Z,1', 'A,2024-02-05T20:06:00Z,3'],
    });
  });

  test('the first rows are shown as they were understood', async () => {
    const { preview } = await fixture.load(`${HEADER}\nA,2024-02-05T20:00:00+01:00,100\n`, {
      unit: 'bbl/h',
      dryRun: true,
    });
    expect(preview).toEqual([
      { line: 2, sensor: 'A', time: Date.UTC(2024, 1, 5, 19), flowrate: 2400 },
    ]);
  });
});

describe('repetitions and conflicts', () => {
  const file = (...flowrates: number[]) =>
    [HEADER, ...flowrates.map((flowrate) => `A,2024-02-05T20:00:00Z,${flowrate}`)].join('\n');

  test('rows that repeat an instant are counted apart from stored pings', async () => {
    expect(await fixture.load(file(5, 5, 5))).toMatchObject({
      rows: 3,
      inserted: 1,
      duplicates: 0,
      repeats: { count: 2, lines: [2, 3] },
    });
  });

  test('rows that repeat an instant with another flowrate conflict, both lines named', async () => {
    expect(await fixture.errorsOf(file(5, 5, 6))).toEqual([
      '4 flowrate: Line 2 has another flowrate of "A" at 2024-02-05T20:00:00Z: 5 bbl/d, not 6. []',
    ]);
  });

  test('where conflicts are overwritten the last row of an instant counts, and nothing is corrected', async () => {
    expect(await fixture.load(file(5, 6), { onConflict: 'OVERWRITE' })).toMatchObject({
      inserted: 1,
      corrected: 0,
      duplicates: 0,
      repeats: { count: 1, lines: [2, 3] },
      pings: ['A,2024-02-05T20:00:00Z,6'],
    });
  });
});
