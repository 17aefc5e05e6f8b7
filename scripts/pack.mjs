// node scripts/pack.mjs begin | end: `npm pack` runs it before and after it packs.
//
// A package that is installed has `bin`, and fixes the versions that were tested. A checkout has no `bin`: npx would link
// it into a cache of the user's, for which the user needs the right to write to the checkout.
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OF_A_CHECKOUT = new Set([
  'scripts',
  'devDependencies',
  'overrides',
  'allowScripts',
  'scarfSettings',
]);
const ORIGINAL = 'package.json.unpacked';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (process.argv[2] === 'begin') {
  await import('./prepare.mjs');
  if (process.exitCode) process.exit();
  // Left over where packing was interrupted.
  if (!existsSync(ORIGINAL)) copyFileSync('package.json', ORIGINAL);
  const fields = Object.entries(JSON.parse(readFileSync(ORIGINAL, 'utf8')));
  const installed = Object.fromEntries(fields.filter(([name]) => !OF_A_CHECKOUT.has(name)));
  installed.bin = { flowgate: 'bin/flowgate.js' };
  writeFileSync('package.json', `${JSON.stringify(installed, null, 2)}\n`);
  copyFileSync('package-lock.json', 'npm-shrinkwrap.json');
} else {
  renameSync(ORIGINAL, 'package.json');
  rmSync('npm-shrinkwrap.json', { force: true });
}
