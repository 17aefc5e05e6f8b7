import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const ROOT = path.resolve(import.meta.dirname, '../..');

let checkout: string;
beforeEach(async () => {
  checkout = await mkdtemp(path.join(tmpdir(), 'flowgate-prepare-'));
  for (const folder of ['bin', 'scripts']) {
    await cp(path.join(ROOT, folder), path.join(checkout, folder), { recursive: true });
  }
  await cp(path.join(ROOT, 'package.json'), path.join(checkout, 'package.json'));
});
afterEach(() => rm(checkout, { recursive: true }));

function node(script: string, environment: Record<string, string> = {}) {
  const env = { PATH: process.env['PATH'], ...environment };
  return promisify(execFile)(process.execPath, [path.join(checkout, script)], { env });
}

test('npx, which runs the preparation again, builds nothing', async () => {
  const { stdout, stderr } = await node('scripts/prepare.mjs', { npm_command: 'exec' });
  expect([stdout, stderr]).toEqual(['', '']);
  expect((await readdir(checkout)).sort()).toEqual(['bin', 'package.json', 'scripts']);
});

test('without the development packages nothing is built, and the message says how it can be', async () => {
  const { stdout } = await node('scripts/prepare.mjs');
  expect(stdout).toMatch(/^Without the development packages dist\/ cannot be built: [^\n]+\n$/);
  await mkdir(path.join(checkout, 'dist'));
  await writeFile(path.join(checkout, 'dist/main.js'), '');
  const { stdout: again } = await node('scripts/prepare.mjs');
  expect(again).toBe('Without the development packages nothing is built: dist/ stays as it is.\n');
});

test('the command says in one line that it was not built', async () => {
  await expect(node('bin/flowgate.js')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^flowgate: dist\/ is missing; [^\n]+\n$/),
  });
});
