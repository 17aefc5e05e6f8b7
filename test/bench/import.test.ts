import { expect, test } from '@jest/globals';
import { runBenchmark } from '../helpers/benchmark.js';

test('the import benchmark exits with 0 once `flowgate import` and COPY have loaded their files', async () => {
  const output = await runBenchmark('import');
  expect(output).toMatch(/^500 rows of 50 sensors/m);
  expect(output).toMatch(/^\|( [\d.]+ +\|){1}.* \(≥ 0\.3\) [✓✗]/m);
});
