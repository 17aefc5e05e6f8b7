// What a worker needs before its first test file: node then loads TypeScript, and finds `@jest/globals`, which only
// jest's own module system has.
import { register } from 'node:module';
import '../../scripts/typescript.mjs';

register('./jest-globals-hooks.mjs', import.meta.url);
// Errors then name the lines of the sources.
process.setSourceMapsEnabled(true);
// Otherwise a worker outlives a run that was ended, with all that its test file has open.
process.once('disconnect', () => process.exit(1));
