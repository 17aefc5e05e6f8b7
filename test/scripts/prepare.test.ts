import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const ROOT = path.resolve(import.meta.dirname, '../..');

const NOBODY = 65534;

let checkout: string;
let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'flowgate-home-'));
  await chmod(home, 0o777);
  checkout = await mkdtemp(path.join(tmpdir(), 'flowgate-prepare-'));
  for (const folder of ['bin', 'scripts']) {
    await cp(path.join(ROOT, folder), path.join(checkout, folder), { recursive: true });
  }
  await cp(path.join(ROOT, 'package.json'), path.join(checkout, 'package.json'));
});
afterEach(() =>
  Promise.all([checkout, home].map((folder) => rm(folder, { recursive: true, force: true }))),
);

/** The commands of npm, with what the tests of this file need and nothing else. */
function npm(command: 'npm' | 'npx', args: readonly string[], options: { uid?: number } = {}) {
  const env = { PATH: process.env['PATH'], HOME: home, npm_config_update_notifier: 'false' };
  return promisify(execFile)(command, args, { cwd: checkout, env, ...options });
}

function node(script: string, environment: Record<string, string> = {}) {
  const env = { PATH: process.env['PATH'], ...environment };
  return promisify(execFile)(process.execPath, [path.join(checkout, script)], { env });
}

test('without the development packages what was built stays as it is', async () => {
  await mkdir(path.join(checkout, 'dist'));
  await writeFile(path.join(checkout, 'dist/main.js'), '');
  const { stdout } = await node('scripts/prepare.mjs');
  expect(stdout).toBe('Without the development packages nothing is built: dist/ stays as it is.\n');
});

test('the command says in one line that it was not built', async () => {
  await expect(node('bin/flowgate.js')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^flowgate: dist\/ is missing; [^\n]+\n$/),
  });
});

test('npx runs the command of the checkout itself, also for a user who may not write there', async () => {
  await node('scripts/prepare.mjs');
  await mkdir(path.join(checkout, 'dist/cli'), { recursive: true });
  await writeFile(path.join(checkout, 'dist/cli/parent-pid.js'), '');
  await writeFile(path.join(checkout, 'dist/main.js'), 'console.log(process.argv.slice(2));');
  await promisify(execFile)('chmod', ['-R', 'a-w', checkout]);
  // Only root can become another user.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await promisify(execFile)('chmod', ['-R', 'a+rX', checkout]);
  const options = isRoot ? { uid: NOBODY } : {};
  const { stdout } = await npm('npx', ['--offline', 'flowgate', 'a', 'b'], options);
  expect(stdout).toBe("[ 'a', 'b' ]\n");
  await promisify(execFile)('chmod', ['-R', 'u+w', checkout]);
});

test('a package holds the built files, the migrations, the command and the tested versions, and the checkout stays as it was', async () => {
  await mkdir(path.join(checkout, 'dist'));
  for (const file of [
    'dist/main.js',
    'dist/main.js.map',
    'dist/.inputs',
    'readings.csv',
    'test.ts',
  ]) {
    await writeFile(path.join(checkout, file), '');
  }
  for (const entry of ['prisma', 'docs', 'package-lock.json', 'CHANGELOG.md']) {
    await cp(path.join(ROOT, entry), path.join(checkout, entry), { recursive: true });
  }
  const original = await readFile(path.join(checkout, 'package.json'), 'utf8');
  await npm('npm', ['pack', '--offline']);
  expect(await readFile(path.join(checkout, 'package.json'), 'utf8')).toBe(original);
  const tarball = (await readdir(checkout)).filter((name) => name.endsWith('.tgz'));
  await promisify(execFile)('tar', ['xzf', tarball[0]!], { cwd: checkout });
  const unpacked = path.join(checkout, 'package');
  const files = await readdir(unpacked, { recursive: true });
  expect(files).toEqual(
    expect.arrayContaining([
      'bin/flowgate.js',
      'dist/main.js',
      'prisma/migrations/migration_lock.toml',
      'docs/operations.md',
      'npm-shrinkwrap.json',
    ]),
  );
  expect(files.filter((name) => /\.(map|csv|ts|inputs)$/.test(name))).toEqual([]);
  const installed = JSON.parse(await readFile(path.join(unpacked, 'package.json'), 'utf8'));
  expect(installed.bin).toEqual({ flowgate: 'bin/flowgate.js' });
  expect(installed).not.toHaveProperty('scripts');
  expect((await readdir(checkout)).sort()).not.toContain('npm-shrinkwrap.json');
});
