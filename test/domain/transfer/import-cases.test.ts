import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  parseDateFormat,
  type DateFormat,
} from '../../../src/domain/transfer/import/date-format.js';
import type { ImportFormat, ImportResult } from '../../../src/domain/transfer/import/options.js';
import type { FlowrateUnit } from '../../../src/domain/shared/units.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { ImportFixture } from '../../helpers/imports.js';

/** A file as another program wrote it, and what it means. */
interface Case {
  readonly file: string | Buffer;
  readonly format?: ImportFormat;
  readonly unit?: FlowrateUnit;
  readonly pings: readonly string[];
  readonly result?: Partial<ImportResult>;
}

const HEADER = 'sensor_name,datetime,flowrate';
const CHICAGO = { timeZone: 'America/Chicago' };
const clocksGoBack = (sensor: string, flowrates: readonly number[]) =>
  [
    HEADER,
    ...['00:30', '01:00', '01:30', '01:00', '01:30', '02:00', '02:30'].map(
      (time, index) => `${sensor},2024-11-03 ${time}:00,${flowrates[index]}`,
    ),
  ].join('\n');
const ofNight = (sensor: string, flowrates: readonly number[]) =>
  ['05:30', '06:00', '06:30', '07:00', '07:30', '08:00', '08:30'].map(
    (time, index) => `${sensor},2024-11-03T${time}:00Z,${flowrates[index]}`,
  );
const STEADY = [1000, 1000, 1000, 1000, 1000, 1000, 1000];
const CHANGING = [1000, 1000, 1000, 1100, 1100, 1100, 1100];

const CASES: Readonly<Record<string, Case>> = {
  'a logger in the night when clocks go back, with a steady flow': {
    file: clocksGoBack('Well 7', STEADY),
    format: CHICAGO,
    pings: ofNight('Well 7', STEADY),
  },
  'a logger in the night when clocks go back, with a flow that changes': {
    file: clocksGoBack('Well 8', CHANGING),
    format: CHICAGO,
    pings: ofNight('Well 8', CHANGING),
  },
  'lines that end in a carriage return alone, as Excel for Mac writes them': {
    file: `${HEADER},quality\rMac 2,2024-03-01T06:00:00Z,1234.5,Good\rMac 2,2024-03-01T06:05:00Z,1240,Good`,
    pings: ['Mac 2,2024-03-01T06:00:00Z,1234.5', 'Mac 2,2024-03-01T06:05:00Z,1240'],
  },
  'a historian’s export with bad readings': {
    file: [
      `${HEADER},quality`,
      'FT-102,2024-02-05T20:00:00Z,1000,Good',
      'FT-102,2024-02-05T20:10:00Z,0,Bad',
      'FT-102,2024-02-05T20:20:00Z,-999999,Bad',
      'FT-102,2024-02-05T20:30:00Z,1000,Good',
    ].join('\n'),
    format: { where: [{ column: 'quality', value: 'Good' }] },
    pings: ['FT-102,2024-02-05T20:00:00Z,1000', 'FT-102,2024-02-05T20:30:00Z,1000'],
    result: { leftOut: { where: 2, nullValues: 0, empty: 0 } },
  },
  'semicolons and decimal commas, as Excel writes them in German': {
    file: 'sensor_name;datetime;flowrate\nPumpe 1;2024-03-01T06:00:00Z;1234,5\nPumpe 1;2024-03-01T06:05:00Z;1240,25\n',
    pings: ['Pumpe 1,2024-03-01T06:00:00Z,1234.5', 'Pumpe 1,2024-03-01T06:05:00Z,1240.25'],
    result: { recognised: ['separated by semicolons', 'with decimal commas'] },
  },
  'a first line sep=, for Excel': {
    file: `sep=,\r\n${HEADER}\r\nPumpe 1,2024-03-01T06:00:00Z,1234.5\r\n`,
    pings: ['Pumpe 1,2024-03-01T06:00:00Z,1234.5'],
  },
  'UTF-16 with a byte order mark, as PowerShell writes it': {
    file: Buffer.from(`\uFEFF${HEADER}\r\nPumpe 1,2024-03-01T06:00:00Z,1234.5\r\n`, 'utf16le'),
    pings: ['Pumpe 1,2024-03-01T06:00:00Z,1234.5'],
    result: { recognised: ['as UTF-16LE'] },
  },
  'local times without a zone': {
    file: `${HEADER}\nWell 9,2024-07-01 07:00:00,2400\nWell 9,2024-07-01 19:00:00,2400\n`,
    format: CHICAGO,
    pings: ['Well 9,2024-07-01T12:00:00Z,2400', 'Well 9,2024-07-02T00:00:00Z,2400'],
  },
  'a clock of 12 hours': {
    file: `${HEADER}\nFT-101,2/5/2024 8:41:02 PM,1234.5\n`,
    format: { dateFormat: parseDateFormat('M/d/yyyy h:mm:ss a') as DateFormat },
    pings: ['FT-101,2024-02-05T20:41:02Z,1234.5'],
  },
  'seconds since 1970': {
    file: `${HEADER}\nFT-101,1707165662,1234.5\n`,
    pings: ['FT-101,2024-02-05T20:41:02Z,1234.5'],
  },
  'milliseconds since 1970': {
    file: `${HEADER}\nFT-101,1707165662000,1234.5\n`,
    pings: ['FT-101,2024-02-05T20:41:02Z,1234.5'],
  },
  'days of a spreadsheet': {
    file: `${HEADER}\nFT-101,45327.86183,1\n`,
    pings: ['FT-101,2024-02-05T20:41:02.112Z,1'],
  },
  'a date and a time in two columns': {
    file: 'sensor_name,date,time,flowrate\nFT-101,2024-02-05,20:41:02,1234.5\n',
    format: { columns: { datetime: 'date+time' } },
    pings: ['FT-101,2024-02-05T20:41:02Z,1234.5'],
  },
  'a column for each tag': {
    file: 'Timestamp,FT-101.PV,FT-102.PV\n2024-02-05T20:00:00Z,1000,900\n',
    format: { wide: true, columns: { datetime: 'Timestamp' } },
    pings: ['FT-101.PV,2024-02-05T20:00:00Z,1000', 'FT-102.PV,2024-02-05T20:00:00Z,900'],
  },
  'numbers as people write them': {
    file: [
      HEADER,
      'FT-101,2024-02-05T20:41:02Z,"1,234.5"',
      'FT-101,2024-02-05T20:42:02Z,1 234.5',
      'FT-101,2024-02-05T20:43:02Z,',
      'FT-101,2024-02-05T20:44:02Z,NaN',
      'FT-101,2024-02-05T20:45:02Z,Bad',
      'FT-101,2024-02-05T20:46:02Z,1234.5 bbl/d',
      'FT-101,2024-02-05T20:47:02Z,--',
    ].join('\n'),
    format: { nullValues: ['NaN', 'Bad', '--'], skipEmpty: true },
    pings: ['20:41:02', '20:42:02', '20:46:02'].map((at) => `FT-101,2024-02-05T${at}Z,1234.5`),
    result: {
      leftOut: { where: 0, nullValues: 3, empty: 1 },
      recognised: ['with thousands separators'],
    },
  },
  'barrels an hour': {
    file: `${HEADER}\nLACT 1,2024-03-01T06:00:00Z,100\nLACT 1,2024-03-02T06:00:00Z,100\n`,
    unit: 'bbl/h',
    pings: ['LACT 1,2024-03-01T06:00:00Z,2400', 'LACT 1,2024-03-02T06:00:00Z,2400'],
  },
};

let db: TestDatabase;
let fixture: ImportFixture;

beforeAll(async () => {
  db = await createTestDatabase();
  fixture = new ImportFixture(db);
});

afterAll(() => db.drop());

test.each(Object.entries(CASES))(
  'an import reads %s',
  async (_, { file, format = {}, unit = 'bbl/d', pings, result = {} }) => {
    expect(await fixture.load(file, { format, unit })).toMatchObject({ ...result, pings });
  },
);
