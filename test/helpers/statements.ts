import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Statement } from '../../src/storage/postgres/database.js';

const STORAGE = path.resolve(import.meta.dirname, '../../src/storage');

/** Every statement that a module of a `sql` folder of the storage exports, in whatever it exports them. */
export async function exportedStatements(): Promise<Map<string, Statement>> {
  const found = new Map<string, Statement>();
  const files = readdirSync(STORAGE, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => /(^|\/)sql\/[^/]+\.ts$/.test(name)).sort()) {
    const exported = (await import(path.join(STORAGE, file))) as Record<string, unknown>;
    for (const value of Object.values(exported)) collect(value, found);
  }
  return found;
}

function collect(value: unknown, found: Map<string, Statement>): void {
  if (typeof value !== 'object' || value === null) return;
  if (isStatement(value)) {
    found.set(value.name, value);
    return;
  }
  for (const inner of Object.values(value)) collect(inner, found);
}

function isStatement(value: object): value is Statement {
  const { name, text } = value as Partial<Statement>;
  return typeof name === 'string' && typeof text === 'string';
}
