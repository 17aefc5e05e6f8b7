// node scripts/migration.mjs create NAME   writes the migration that leads to prisma/schema.prisma
// node scripts/migration.mjs check         exits 1 where the migrations do not lead there
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import './typescript.mjs';

const { acquireEmbedded } = await import('../src/storage/embedded/embedded.ts');
const { MIGRATIONS_DIRECTORY, NO_FILTER, readMigrations, SCHEMA_FILE, withSchemaEngine } =
  await import('../src/storage/migrations/schema-engine.ts');

const { CHAR } = pg.types.builtins;
const CHAR_ARRAY = 1002;

/**
 * Prisma's adapter knows no single "char", as PostgreSQL's catalog has them,
 * only arrays of them: so they pass through it as if they were those. And its
 * own shadow database would be opened without the pool's password.
 */
class CatalogAdapter extends PrismaPg {
  constructor(pool, shadow) {
    super(pool);
    this.shadow = shadow;
  }

  async connect() {
    return readingCharacters(await super.connect());
  }

  connectToShadowDb() {
    return new CatalogAdapter(this.shadow).connect();
  }
}

function readingCharacters(adapter) {
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    const { CharacterArray, Character } = ColumnTypeEnum;
    const columnTypes = result.columnTypes.map((type) =>
      type === CharacterArray ? Character : type,
    );
    return { ...result, columnTypes };
  };
  return adapter;
}

class CatalogPool extends pg.Pool {
  async query(...statement) {
    const result = await super.query(...statement);
    for (const field of result.fields ?? []) {
      if (field.dataTypeID === CHAR) field.dataTypeID = CHAR_ARRAY;
    }
    return result;
  }
}

async function create(migration) {
  const sql = await diff({ script: true });
  if (isEmpty(sql)) {
    console.log('The migrations lead to prisma/schema.prisma already.');
    return;
  }
  const timestamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const directory = path.join(MIGRATIONS_DIRECTORY, `${timestamp}_${migration}`);
  await mkdir(directory);
  await writeFile(path.join(directory, 'migration.sql'), sql);
  console.log(path.relative(process.cwd(), path.join(directory, 'migration.sql')));
}

async function check() {
  if (isEmpty(await diff({ script: true }))) return;
  const summary = await diff({ script: false });
  console.error(`The migrations do not lead to prisma/schema.prisma:\n${summary.trim()}`);
  console.error('Write the missing one: node scripts/migration.mjs create NAME');
  process.exitCode = 1;
}

/** What leads from the migrations to the schema, as SQL or in words. */
function diff({ script }) {
  return withDatabases(async (pool, shadow) => {
    const schema = { path: SCHEMA_FILE, content: await readFile(SCHEMA_FILE, 'utf8') };
    const from = { tag: 'migrations', ...(await readMigrations()) };
    const to = { tag: 'schemaDatamodel', files: [schema] };
    const { stdout } = await withSchemaEngine(new CatalogAdapter(pool, shadow), (engine) =>
      engine.diff({ from, to, script, exitCode: null, filters: NO_FILTER }),
    );
    return stdout ?? '';
  });
}

function isEmpty(sql) {
  return sql.replace(/^--.*$/gm, '').trim() === '';
}

async function withDatabases(work) {
  const directory = await mkdtemp(path.join(tmpdir(), 'flowgate-migration-'));
  const embedded = await acquireEmbedded(directory, { durable: false });
  const pool = new CatalogPool(embedded.connection);
  const shadow = new CatalogPool({ ...embedded.connection, database: 'shadow' });
  try {
    await pool.query('CREATE DATABASE shadow');
    return await work(pool, shadow);
  } finally {
    await shadow.end();
    await pool.end();
    await embedded.release();
    await rm(directory, { recursive: true, force: true });
  }
}

const [command, name] = process.argv.slice(2);
if (command === 'create' && /^[a-z0-9_]+$/.test(name ?? '')) await create(name);
else if (command === 'check' && name === undefined) await check();
else {
  console.error('usage: node scripts/migration.mjs create NAME (a-z, 0-9, _) | check');
  process.exitCode = 2;
}
