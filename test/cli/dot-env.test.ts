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
  await writeFile(path.join(cwd, '.env'), `# the database\nDATABASE_URL="${db.url}"\n`);
  const list = (environment: Record<string, string>) =>
    promisify(execFile)(process.execPath, [path.resolve('bin/flowgate.js'), 'account', 'list'], {
      cwd,
      env: { PATH: process.env['PATH'], ...environment },
    });
  expect(await list({})).toEqual({ stdout: 'ID  NAME  CREATED\n', stderr: '' });
  await expect(list({ DATABASE_URL: 'mysql://db' })).rejects.toMatchObject({ code: 1 });
  await rm(cwd, { recursive: true });
  await db.drop();
});
