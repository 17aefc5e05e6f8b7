import { expect, test } from '@jest/globals';
import { runBenchmark, TIMEOUT_MS } from '../helpers/benchmark.js';

test(
  'growth is measured',
  async () => {
    expect(await runBenchmark('growth')).toContain('flow_volume over 10 years');
  },
  TIMEOUT_MS,
);
