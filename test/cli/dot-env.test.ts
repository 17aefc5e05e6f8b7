import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase } from '../helpers/database.js';

test('variables are read from .env in the working directory, and those of the environment take precedence', async () => {
  const db = await createTestDatabase();
  const cwd = await mkdtemp(path.join(tmpdir(), 'flowgate-env-'));
  const text = `# the database\nDATABASE_URL="${db.url}"\nOTEL_SERVICE_NAME=north\n`;
  await writeFile(path.join(cwd, '.env'), text);
  const node = (args: string[], environment: Record<string, string>) =>
    promisify(execFile)(process.execPath, args, {
      cwd,
      env: { PATH: process.env['PATH'], ...environment },
    });
  const list = (environment: Record<string, string>) =>
    node([path.resolve('bin/flowgate.js'), 'account', 'list'], environment);
  expect(await list({})).toEqual({ stdout: 'ID  NAME  CREATED\n', stderr: '' });
  await expect(list({ DATABASE_URL: 'mysql://db' })).rejects.toMatchObject({ code: 1 });
  // The SDK of OpenTelemetry reads its variables from the process.
  const load = `(await import('${path.resolve('dist/config.js')}')).loadConfig();
    console.log(process.env.OTEL_SERVICE_NAME);`;
  const script = ['--input-type=module', '--eval', load];
  expect(await node(script, {})).toMatchObject({ stdout: 'north\n' });
  expect(await node(script, { OTEL_SERVICE_NAME: 'south' })).toMatchObject({ stdout: 'south\n' });
  await rm(cwd, { recursive: true });
  await db.drop();
});
