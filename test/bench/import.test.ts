import { expect, test } from '@jest/globals';
import { runBenchmark, TIMEOUT_MS } from '../helpers/benchmark.js';

test(
  'an import is compared',
  async () => {
    expect(await runBenchmark('import')).toContain('of COPY');
  },
  TIMEOUT_MS,
);
