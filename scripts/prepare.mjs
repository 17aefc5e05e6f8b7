// Builds everything that is not in the repository; `npm ci` runs it last. Reports only a step that failed, and why.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const STEPS = [
  { name: 'Prisma Client', command: 'prisma generate' },
  { name: 'typed documents', command: 'graphql-codegen', needs: 'schema/schema.graphql' },
  { name: 'server', command: 'tsc -p tsconfig.build.json' },
  { name: 'web app', command: 'vite build src/web/client', needs: 'src/web/client/vite.config.ts' },
];

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const bin = path.resolve('node_modules', '.bin');

// npx links this folder into a cache of its own when it runs `flowgate` for the first time, and npm then runs this
// script again: a server may be running from dist/, and the user may lack the right to write there.
if (process.env.npm_command !== 'exec') prepare();

function prepare() {
  const missing = STEPS.filter(({ command }) => !existsSync(path.join(bin, command.split(' ')[0])));
  if (missing.length === 0) {
    for (const step of STEPS) build(step);
  } else if (existsSync('dist/main.js')) {
    console.log('Without the development packages nothing is built: dist/ stays as it is.');
  } else {
    console.log(
      'Without the development packages dist/ cannot be built: run `npm ci && npm prune --omit=dev`, or copy dist/ from a build.',
    );
  }
  linkCommand();
}

function build({ name, command, needs }) {
  if (needs && !existsSync(needs)) return;
  const { status, stdout, stderr } = spawnSync(command, {
    shell: true,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
  });
  if (status === 0) return;
  console.error(`${name}: \`${command}\` failed.\n${stdout}${stderr}`);
  process.exit(1);
}

/** npm links only the commands of dependencies: `npx flowgate` in the checkout needs its own. */
function linkCommand() {
  if (process.platform === 'win32') return;
  const link = path.join(bin, 'flowgate');
  mkdirSync(bin, { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(path.join('..', '..', 'bin', 'flowgate.js'), link);
  chmodSync('bin/flowgate.js', 0o755);
}
