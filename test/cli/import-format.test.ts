import { Command } from 'commander';
import { expect, test } from '@jest/globals';
import { importFormatOptions } from '../../src/cli/import-format.js';

/** What the options of a command line say. @throws where one is wrong usage */
function parse(...args: string[]): Record<string, unknown> {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const option of importFormatOptions()) command.addOption(option);
  return command.parse(args, { from: 'user' }).opts();
}

test.each([
  [['--delimiter', 'tab'], { delimiter: '\t' }],
  [['--delimiter', ';', '--decimal', ','], { delimiter: ';', decimal: ',' }],
  [['--encoding', 'latin1'], { encoding: 'latin1' }],
  [['--time-zone', 'America/Chicago'], { timeZone: 'America/Chicago' }],
  [['--skip-lines', '2', '--skip-empty', '--wide'], { skipLines: 2, skipEmpty: true, wide: true }],
  [['--null-value', '-999999,NaN,Bad'], { nullValue: ['-999999', 'NaN', 'Bad'] }],
  [
    ['--columns', 'sensor_name=Tag,datetime=Date+Time,flowrate=Flow, bbl/d'],
    { columns: { sensorName: 'Tag', datetime: 'Date+Time', flowrate: 'Flow, bbl/d' } },
  ],
  [
    ['--where', 'quality=Good', '--where', 'note=a=b'],
    {
      where: [
        { column: 'quality', value: 'Good' },
        { column: 'note', value: 'a=b' },
      ],
    },
  ],
  [['--date-format', 'epoch-s'], { dateFormat: 'epoch-s' }],
])('import understands %j', (args, options) => {
  expect(parse(...args)).toEqual(options);
});

test.each([
  [['--delimiter', ';;'], /--delimiter.*one character/],
  [['--delimiter', '"'], /--delimiter/],
  [['--decimal', ';'], /--decimal/],
  [['--encoding', 'utf-7'], /--encoding.*windows-1252/],
  [['--time-zone', 'CST'], /--time-zone.*CST/],
  [['--date-format', 'd.m.yyyy'], /--date-format.*YYYY/],
  [['--columns', 'Tag'], /--columns.*sensor_name/],
  [['--columns', 'tag=Tag'], /--columns.*sensor_name/],
  [['--where', 'Good'], /--where.*quality=Good/],
  [['--skip-lines', 'two'], /--skip-lines/],
])('import refuses %j as wrong usage', (args, message) => {
  expect(() => parse(...args)).toThrow(message);
});
