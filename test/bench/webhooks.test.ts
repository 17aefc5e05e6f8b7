import { expect, test } from '@jest/globals';
import { rowNames, runBenchmark } from '../helpers/benchmark.js';

test('the webhooks benchmark exits with 0 once every expected delivery has arrived at its receiver', async () => {
  expect(rowNames(await runBenchmark('webhooks'))).toEqual([
    'one endpoint, p50 (ms)',
    'one endpoint, p99 (ms)',
    'beside a dead endpoint, p99 (ms)',
    'deliveries/s',
  ]);
});
