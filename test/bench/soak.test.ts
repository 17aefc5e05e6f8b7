import { expect, test } from '@jest/globals';
import { runBenchmark, TIMEOUT_MS } from '../helpers/benchmark.js';

test(
  'a soak finds all right',
  async () => {
    expect(await runBenchmark('soak')).toContain(
      'each is stored once ✓, with the flowrate last sent ✓, told once by answer ✓, webhook ✓, WebSocket ✓, server-sent events ✓, the summaries are right ✓',
    );
  },
  TIMEOUT_MS,
);
