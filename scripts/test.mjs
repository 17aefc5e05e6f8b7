// `npm test`: every check, then every test; `npm test -- FILE…`: only the tests of those files. The
// last line is `N passed, N failed`: checks and tests together.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// What must be true of the repository besides its tests. A check is a command that exits with 0; a
// check for drift prints how to fix it.
const CHECKS = [
  // first: the others and the tests need what it generates, and the tests run what it builds
  { name: 'build', command: 'node scripts/prepare.mjs' },
  { name: 'lint and types', command: 'oxlint' },
  { name: 'import direction and cycles', command: 'depcruise src test' },
  { name: 'format', command: 'oxfmt --check' },
  { name: 'drift of migrations', command: 'node scripts/migration.mjs check' },
  { name: 'drift of schema.graphql', command: 'node scripts/schema.mjs check' },
  { name: 'drift of openapi.json', command: 'node scripts/openapi.mjs check' },
];

const MOUNTS = '/proc/mounts';
const MEMORY = '/dev/shm';
/** Bytes; the tests take up to 0.4 GB at a time. */
const MEMORY_NEEDED = 2 * 1024 ** 3;

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const files = process.argv.slice(2);
const total = { passed: 0, failed: 0 };

if (files.length === 0) await runChecks(CHECKS);
await runTests(files);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** The first by itself, then the others two at a time. */
async function runChecks([first, ...others]) {
  await runCheck(first);
  const rest = others.values();
  const inTurn = async () => {
    for (const check of rest) await runCheck(check);
  };
  await Promise.all([inTurn(), inTurn()]);
}

async function runCheck({ name, command }) {
  const began = Date.now();
  const { status, output } = await run(command, { stdio: ['ignore', 'pipe', 'pipe'] });
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  count(status === 0 ? { passed: 1 } : { failed: 1 });
  console.log(`${status === 0 ? 'PASS' : 'FAIL'} ${name} (${seconds} s)`);
  if (status !== 0) console.log(`\n$ ${command}\n${output}`);
}

/** The tests that jest counts, and one failure more for each file that could not be run at all. */
async function runTests(patterns) {
  const folder = mkdtempSync(path.join(temporaryFolder(), 'flowgate-'));
  // PostgreSQL runs as another user where root runs the tests.
  chmodSync(folder, 0o755);
  // A terminal sends it to the tests too: what they leave behind is removed once they have ended.
  process.once('SIGINT', () => {});
  try {
    const outputFile = path.join(folder, 'result.json');
    const { status } = await run(
      [
        'jest',
        // one more than the two cores of small machines: a browser, a server or a disk is often waited for
        '--maxWorkers=3',
        '--reporters=default',
        // Long campaigns are run by file.
        ...(patterns.length === 0 ? ['--reporters=./test/helpers/time-limit.mjs'] : []),
        '--json',
        `--outputFile=${outputFile}`,
        ...patterns.map((pattern) => JSON.stringify(pattern)),
      ].join(' '),
      { stdio: 'inherit', env: { TMPDIR: folder } },
    );
    const tests = readTests(outputFile);
    // A crash, a failed teardown or a run without tests is a failure, even if no test failed.
    if (tests.failed === 0 && (status !== 0 || tests.passed === 0)) tests.failed = 1;
    count(tests);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In memory where there is space, because each test file has a database of its own: a copy takes a tenth of the time. */
function temporaryFolder() {
  const mounts = existsSync(MOUNTS) ? readFileSync(MOUNTS, 'utf8').split('\n') : [];
  const options = mounts.map((mount) => mount.split(' ')).find(([, at]) => at === MEMORY)?.[3];
  // Some tests run commands that they have written.
  if (options === undefined || options.split(',').includes('noexec')) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= MEMORY_NEEDED ? MEMORY : tmpdir();
}

function readTests(file) {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

function count({ passed = 0, failed = 0 }) {
  total.passed += passed;
  total.failed += failed;
}

/** Runs a command line with the development packages' commands on its path. */
function run(command, { stdio, env = {} }) {
  const bin = path.resolve('node_modules', '.bin');
  const child = spawn(command, {
    shell: true,
    stdio,
    env: { ...process.env, ...env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}
