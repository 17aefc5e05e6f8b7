import { expect, test } from '@jest/globals';
import { rowNames, runBenchmark } from '../helpers/benchmark.js';

test('the soak stores each acknowledged ping once, reports it once on every channel and ends without an error', async () => {
  const output = await runBenchmark('soak');
  expect(output).toContain(
    'each is stored once ✓, with the flowrate last sent ✓, reported once by response ✓, webhook ✓, WebSocket ✓, server-sent events ✓, the summaries are right ✓',
  );
  expect(rowNames(output)).toEqual(['1', '2', '3', '4', '5']);
  const errors = output.match(/^\| \d +\| +[\d ]+\| +\d+ +\|/gm)?.map((row) => row.split('|')[3]);
  expect(errors?.map(Number)).toEqual([0, 0, 0, 0, 0]);
});
