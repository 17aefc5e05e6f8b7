import { expect, test } from '@jest/globals';
import { rowNames, runBenchmark } from '../helpers/benchmark.js';

test('the attacks benchmark lets no request of another account fail beside downloads that are not read', async () => {
  const output = await runBenchmark('attacks', '--only', 'downloads');
  expect(rowNames(output)).toEqual(['16 CSV downloads that are not read']);
  expect(output).toMatch(/^\| 16 CSV .* 0 \/ 0 \/ 0 .* 200 × \d+, 429 × \d+ +\|$/m);
});
