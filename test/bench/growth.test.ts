import { expect, test } from '@jest/globals';
import { rowNames, runBenchmark } from '../helpers/benchmark.js';

test('the growth benchmark exits with 0 and measures volumes, pages and sensors at each size', async () => {
  const output = await runBenchmark('growth');
  expect(rowNames(output)).toEqual([
    'flow_volume over 1 hour',
    'flow_volume over 1 day',
    'flow_volume over 1 year',
    'flow_volume over 10 years',
    'pings, page 1',
    'pings, last page',
    'sensors',
  ]);
  expect(output).toMatch(/\| request +\| 500 +\| 1 000 +\|/);
});
