import { expect, test } from '@jest/globals';
import { rowNames, runBenchmark } from '../helpers/benchmark.js';

test('the ingest benchmark exits with 0 once every server has acknowledged single pings, batches and a stream', async () => {
  expect(rowNames(await runBenchmark('ingest'))).toEqual([
    'single pings',
    'batches of 1000, each of one sensor',
    'batches of 1000, each over 50 sensors',
    'a bare insert, without HTTP',
    'node:http reads and parses it, and answers: no database',
    'node:http, and a bare insert',
    'up to 1',
    'up to 2',
  ]);
});
