// `node scripts/openapi.mjs write` copies the API's description to schema/openapi.json;
// `check` fails where that copy has drifted.
import { readFileSync, writeFileSync } from 'node:fs';
import './typescript.mjs';

const { OPENAPI } = await import('../src/rest/openapi/document.ts');
const file = new URL('../schema/openapi.json', import.meta.url);
const text = `${JSON.stringify(OPENAPI, null, 2)}\n`;

if (process.argv[2] === 'write') {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('schema/openapi.json has drifted: node scripts/openapi.mjs write');
  process.exitCode = 1;
}
