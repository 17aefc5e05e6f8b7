import { expect, test } from '@jest/globals';
import { runBenchmark } from '../helpers/benchmark.js';

test('an unknown benchmark is refused with a list of those that exist', async () => {
  await expect(runBenchmark('speed')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      'There is no benchmark named speed. Choose from reads, ingest, import, webhooks, growth, soak, attacks.',
    ),
  });
});
