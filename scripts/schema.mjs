// node scripts/schema.mjs write writes schema/schema.graphql from the resolvers node
// scripts/schema.mjs check exits 1 if it differs from them
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { format } from 'oxfmt';
import './typescript.mjs';

const { createSchema } = await import('../src/graphql/schema.ts');

const FORMAT = JSON.parse(await readFile(new URL('../.oxfmtrc.json', import.meta.url), 'utf8'));
const FILE = fileURLToPath(new URL('../schema/schema.graphql', import.meta.url));

async function emit() {
  const sdl = printSchema(lexicographicSortSchema(await createSchema()));
  const { code } = await format(FILE, sdl, FORMAT);
  return code;
}

const command = process.argv[2];
if (command === 'write') {
  await writeFile(FILE, await emit());
} else if (command === 'check') {
  if ((await readFile(FILE, 'utf8').catch(() => '')) !== (await emit())) {
    console.error('schema/schema.graphql is not what the resolvers say.');
    console.error('Write it: node scripts/schema.mjs write');
    process.exitCode = 1;
  }
} else {
  console.error('usage: node scripts/schema.mjs write | check');
  process.exitCode = 2;
}
