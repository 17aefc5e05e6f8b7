#!/usr/bin/env node
import { existsSync } from 'node:fs';

if (!existsSync(new URL('../dist/main.js', import.meta.url))) {
  console.error(
    'flowgate: dist/ is missing; `npm ci` builds it, together with the development packages.',
  );
  process.exit(1);
}
// First, because the process that started this one may end before everything else is loaded.
await import('../dist/cli/parent-pid.js');
await import('../dist/main.js');
