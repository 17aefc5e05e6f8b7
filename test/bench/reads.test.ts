import { expect, test } from '@jest/globals';
import { runBenchmark, TIMEOUT_MS } from '../helpers/benchmark.js';

test(
  'reads are compared',
  async () => {
    expect(await runBenchmark('reads')).toContain('GraphQL: daily volumes of a year');
  },
  TIMEOUT_MS,
);
