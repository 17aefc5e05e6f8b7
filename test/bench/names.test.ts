import { expect, test } from '@jest/globals';
import { runBenchmark } from '../helpers/benchmark.js';

test('one that is asked for and is none is told those that there are', async () => {
  await expect(runBenchmark('speed')).rejects.toMatchObject({
    stderr: expect.stringContaining('reads, ingest'),
  });
});
