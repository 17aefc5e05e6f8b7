import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createEmptyDatabase, type TestDatabase } from '../helpers/database.js';

const TYPESCRIPT = ['--import', './scripts/typescript.mjs'];
// Each starts servers of its own, on a machine that runs other tests meanwhile.
const TIMEOUT_MS = 180_000;

describe('npm run bench', () => {
  let server: TestDatabase;
  beforeAll(async () => {
    server = await createEmptyDatabase();
  });
  afterAll(() => server.drop());

  it.each([
    ['reads', 'GraphQL: daily volumes of a year'],
    ['ingest', 'NDJSON stream'],
    ['import', 'of COPY'],
    ['webhooks', 'deliveries/s'],
    ['growth', 'flow_volume over 10 years'],
    [
      'soak',
      'each is stored once ✓, with the flowrate last sent ✓, told once by answer ✓, webhook ✓, WebSocket ✓, server-sent events ✓, the summaries are right ✓',
    ],
  ])(
    'measures %s',
    async (suite, told) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [...TYPESCRIPT, 'bench/run.ts', suite, '--tiny'],
        { env: { PATH: process.env['PATH'], DATABASE_URL: server.url } },
      );
      expect(stdout).toContain(told);
    },
    TIMEOUT_MS,
  );

  it('names the benchmarks that there are where one is asked for that is none', async () => {
    const failed = promisify(execFile)(process.execPath, [...TYPESCRIPT, 'bench/run.ts', 'speed']);
    await expect(failed).rejects.toMatchObject({
      stderr: expect.stringContaining('reads, ingest'),
    });
  });
});
