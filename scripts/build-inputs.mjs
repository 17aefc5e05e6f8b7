import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDERS = ['src', 'prisma', 'schema'];
const FILES = [
  'scripts/prepare.mjs',
  'prisma.config.ts',
  'codegen.yml',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const OUTPUTS = [
  'dist/main.js',
  'dist/web/client',
  'src/generated/prisma',
  'src/generated/graphql',
];
const GENERATED = path.join('src', 'generated');
/** The hash of what dist/ was built from; it is deleted together with dist/. */
const RECORD = 'dist/.inputs';

/** Builds unless what is there was built from the same files. Works in the current folder. */
export function buildIfChanged(build) {
  const inputs = hashOfInputs();
  const isBuilt = OUTPUTS.every((output) => existsSync(output)) && existsSync(RECORD);
  if (isBuilt && readFileSync(RECORD, 'utf8') === inputs) return;
  // A build that fails or is interrupted leaves no record.
  rmSync(RECORD, { force: true });
  build();
  writeFileSync(RECORD, inputs);
}

function hashOfInputs() {
  const hash = createHash('sha256');
  for (const file of [...FILES, ...FOLDERS.flatMap(filesIn)]) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => !file.startsWith(GENERATED))
    .sort();
}
