// Builds everything that is not in the repository, unless it was built from the same files; `npm ci` runs it last. Reports
// only a step that failed, and why.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfChanged } from './build-inputs.mjs';

const STEPS = [
  { name: 'Prisma Client', command: 'prisma generate' },
  { name: 'typed documents', command: 'graphql-codegen', needs: 'schema/schema.graphql' },
  { name: 'server', command: 'tsc -p tsconfig.build.json' },
  { name: 'web app', command: 'vite build src/web/client', needs: 'src/web/client/vite.config.ts' },
];
const NOT_SOURCES = new Set(['node_modules', 'dist', 'test', 'bench', '.git', '.flowgate']);
const TEMPORARY = '.build-';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const bin = path.resolve('node_modules', '.bin');

const isDevelopment = STEPS.every(({ command }) =>
  existsSync(path.join(bin, command.split(' ')[0])),
);
try {
  if (isDevelopment) {
    buildIfChanged(() => STEPS.forEach(build));
  } else if (existsSync('dist/main.js')) {
    console.log('Without the development packages nothing is built: dist/ stays as it is.');
  } else if (existsSync('src/main.ts')) {
    buildAside();
  }
  linkCommand();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function build({ name, command, needs }) {
  if (needs && !existsSync(needs)) return;
  const environment = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
  run(name, command, { env: environment });
}

/** `npm ci --omit=dev`: the development packages are installed in a copy, which is removed once it has built dist/. */
function buildAside() {
  console.log('dist/ is built with the development packages in a temporary folder.');
  const folder = mkdtempSync(path.resolve(TEMPORARY));
  try {
    for (const entry of readdirSync('.')) {
      if (NOT_SOURCES.has(entry) || entry.startsWith(TEMPORARY)) continue;
      cpSync(entry, path.join(folder, entry), { recursive: true });
    }
    const environment = Object.entries(process.env).filter(
      ([name]) => !/^(npm_.*|NODE_ENV|INIT_CWD)$/i.test(name) || /^npm_config_cache$/i.test(name),
    );
    run('build', 'npm ci --include=dev --no-audit --no-fund', {
      cwd: folder,
      env: Object.fromEntries(environment),
    });
    renameSync(path.join(folder, 'dist'), 'dist');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(name, command, options) {
  const { status, stdout, stderr } = spawnSync(command, {
    shell: true,
    encoding: 'utf8',
    ...options,
  });
  if (status !== 0) throw new Error(`${name}: \`${command}\` failed.\n${stdout}${stderr}`);
}

/** npm links only the commands of dependencies: `npx flowgate` in the checkout needs its own. */
function linkCommand() {
  const link = path.join(bin, 'flowgate');
  mkdirSync(bin, { recursive: true });
  if (process.platform === 'win32') {
    writeFileSync(`${link}.cmd`, '@node "%~dp0\\..\\..\\bin\\flowgate.js" %*\r\n');
    return;
  }
  rmSync(link, { force: true });
  symlinkSync(path.join('..', '..', 'bin', 'flowgate.js'), link);
  chmodSync('bin/flowgate.js', 0o755);
}
