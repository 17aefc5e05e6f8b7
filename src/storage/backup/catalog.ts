import type pg from 'pg';
import type { BackupTable } from './format.js';

type Client = Pick<pg.ClientBase, 'query'>;

/** Where Prisma's engine records the migrations: a backup has them in its header. */
const MIGRATIONS_TABLE = '_prisma_migrations';

const TABLES = `
  SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
    AND NOT c.relispartition AND c.relname <> '${MIGRATIONS_TABLE}'
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  GROUP BY c.relname ORDER BY c.relname`;

const REFERENCES = `
  SELECT child.relname AS child, parent.relname AS parent
  FROM pg_constraint f
  JOIN pg_class child ON child.oid = f.conrelid
  JOIN pg_class parent ON parent.oid = f.confrelid
  WHERE f.contype = 'f' AND child.relnamespace = current_schema()::regnamespace AND child.oid <> parent.oid`;

const SEQUENCES = `
  SELECT sequencename AS name, last_value::text AS value FROM pg_sequences
  WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename`;

/** The tables of the schema with their columns, each after the tables that it refers to. */
export async function listTables(client: Client): Promise<BackupTable[]> {
  const { rows: tables } = await client.query<BackupTable>(TABLES);
  const { rows: references } = await client.query<{ child: string; parent: string }>(REFERENCES);
  const ordered: BackupTable[] = [];
  let rest = tables;
  while (rest.length > 0) {
    const names = new Set(rest.map(({ name }) => name));
    const waiting = new Set(
      references.filter(({ parent }) => names.has(parent)).map(({ child }) => child),
    );
    const next = rest.filter(({ name }) => !waiting.has(name));
    // A cycle cannot be ordered: its constraints would refuse the rows.
    if (next.length === 0) throw new Error(`Tables refer to each other: ${[...names].join(', ')}.`);
    ordered.push(...next);
    rest = rest.filter(({ name }) => waiting.has(name));
  }
  return ordered;
}

/** The last value of each sequence that has been used. */
export async function readSequences(client: Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; value: string }>(SEQUENCES);
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
