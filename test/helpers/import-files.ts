import { gzipSync } from 'node:zlib';

const HEADER = 'sensor_name,datetime,flowrate';
const night = ['00:30', '01:00', '01:30', '01:00', '01:30', '02:00'];

/** A button that an error offers, or an option with its value. */
type Step =
  | { readonly remedy: string | RegExp }
  | { readonly option: string; readonly value: string };

/** A file as another program wrote it, and what it means. */
interface ImportFile {
  readonly file: string | Buffer;
  readonly name?: string;
  /** what is done after the first preview; sensors are created where a file has new ones */
  readonly steps?: readonly Step[];
  readonly pings: readonly string[];
}

export const IMPORT_FILES: Readonly<Record<string, ImportFile>> = {
  'local times of the night when clocks go back': {
    file: [HEADER, ...night.map((time, at) => `DST 1,2024-11-03 ${time}:00,${1000 + at}`)].join(
      '\n',
    ),
    steps: [{ option: 'Time zone of the file’s clock', value: 'America/Chicago' }],
    pings: ['05:30', '06:00', '06:30', '07:00', '07:30', '08:00'].map(
      (time, at) => `DST 1,2024-11-03T${time}:00Z,${1000 + at}`,
    ),
  },
  'lines that end in a carriage return alone': {
    file: `${HEADER}\rMac 1,2024-03-01T06:00:00Z,1234.5\rMac 1,2024-03-01T06:05:00Z,1240`,
    pings: ['Mac 1,2024-03-01T06:00:00Z,1234.5', 'Mac 1,2024-03-01T06:05:00Z,1240'],
  },
  'rows of good quality only': {
    file: [
      `${HEADER},quality`,
      'Historian 1,2024-02-05T20:00:00Z,1000,Good',
      'Historian 1,2024-02-05T20:10:00Z,-999999,Bad',
    ].join('\n'),
    steps: [{ option: 'Read only rows with', value: 'quality=Good' }],
    pings: ['Historian 1,2024-02-05T20:00:00Z,1000'],
  },
  'semicolons and decimal commas': {
    file: 'sensor_name;datetime;flowrate\nPumpe 1;2024-03-01T06:00:00Z;1234,5\n',
    pings: ['Pumpe 1,2024-03-01T06:00:00Z,1234.5'],
  },
  'a first line sep=, in UTF-16': {
    file: Buffer.from(
      `\uFEFFsep=,\r\n${HEADER}\r\nUnicode 1,2024-03-01T06:00:00Z,7\r\n`,
      'utf16le',
    ),
    pings: ['Unicode 1,2024-03-01T06:00:00Z,7'],
  },
  'a compressed file': {
    name: 'packed.csv.gz',
    file: gzipSync(`${HEADER}\nPacked 1,2024-03-01T06:00:00Z,7\n`),
    pings: ['Packed 1,2024-03-01T06:00:00Z,7'],
  },
  'a clock of 12 hours, by the form that the error names': {
    file: `${HEADER}\nClock 1,2/13/2024 8:41:02 PM,1234.5\n`,
    pings: ['Clock 1,2024-02-13T20:41:02Z,1234.5'],
  },
  'a day and a month that could be either, once the form is chosen': {
    file: `${HEADER}\nEither 1,2/5/2024 20:41,1234.5\n`,
    steps: [{ remedy: 'Read datetimes as M/D/YYYY H:mm' }],
    pings: ['Either 1,2024-02-05T20:41:00Z,1234.5'],
  },
  'seconds since 1970': {
    file: `${HEADER}\nEpoch 1,1707165662,1234.5\n`,
    pings: ['Epoch 1,2024-02-05T20:41:02Z,1234.5'],
  },
  'a date and a time in two columns of other names, by the columns that the error names': {
    file: 'Tag,Date,Time,Value\nTwo 1,2024-02-05,20:41:02,1234.5\n',
    steps: [{ remedy: /^Read the columns as/ }],
    pings: ['Two 1,2024-02-05T20:41:02Z,1234.5'],
  },
  'a column for each tag': {
    file: 'Timestamp,Wide 1.PV,Wide 2.PV\n2024-02-05T20:00:00Z,1000,900\n',
    steps: [{ remedy: 'Read a column for each sensor' }],
    pings: ['Wide 1.PV,2024-02-05T20:00:00Z,1000', 'Wide 2.PV,2024-02-05T20:00:00Z,900'],
  },
  'numbers as people write them': {
    file: [
      HEADER,
      'People 1,2024-02-05T20:41:02Z,"1,234.5"',
      'People 1,2024-02-05T20:43:02Z,',
      'People 1,2024-02-05T20:44:02Z,Bad',
    ].join('\n'),
    steps: [{ remedy: 'Leave out rows without a flowrate' }, { remedy: 'Leave out rows with Bad' }],
    pings: ['People 1,2024-02-05T20:41:02Z,1234.5'],
  },
  'barrels an hour': {
    file: `${HEADER}\nLACT 1,2024-03-01T06:00:00Z,100\n`,
    steps: [{ option: 'Unit of the flowrates', value: 'bbl/h' }],
    pings: ['LACT 1,2024-03-01T06:00:00Z,2400'],
  },
};
