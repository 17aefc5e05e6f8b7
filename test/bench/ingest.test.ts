import { expect, test } from '@jest/globals';
import { runBenchmark, TIMEOUT_MS } from '../helpers/benchmark.js';

test(
  'ingestion is compared, and a stream is measured',
  async () => {
    expect(await runBenchmark('ingest')).toContain('NDJSON stream');
  },
  TIMEOUT_MS,
);
