import { expect, test } from '@jest/globals';
import { runBenchmark, TIMEOUT_MS } from '../helpers/benchmark.js';

test(
  'webhooks are compared',
  async () => {
    expect(await runBenchmark('webhooks')).toContain('deliveries/s');
  },
  TIMEOUT_MS,
);
