import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  DISTRIBUTED_TABLES,
  FOREIGN_KEYS,
  LOCAL_TABLES,
} from '../../../src/storage/distribution/placements.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { exportedStatements } from '../../helpers/statements.js';

/*
 * On Citus flow_sensor is distributed by id, and what belongs to a sensor by sensor_id; all else is
 * local to the coordinator. These rules keep the schema and the statements
 * to what works there.
 * https://docs.citusdata.com/en/stable/develop/reference_workarounds.html
 */

let db: TestDatabase;
const distributed: readonly string[] = DISTRIBUTED_TABLES;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

async function names(query: string): Promise<string[]> {
  const { rows } = await db.database.pool.query<{ name: string }>(query, [distributed]);
  return rows.map(({ name }) => name);
}

describe('the tables', () => {
  test('each table of the schema is either distributed or local', async () => {
    const tables = await names(`
      SELECT c.relname AS name FROM pg_class c
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT IN ('_prisma_migrations', 'flowgate_commit')
        AND $1::text[] IS NOT NULL`);
    expect([...DISTRIBUTED_TABLES, ...LOCAL_TABLES].sort()).toEqual(tables.sort());
  });

  test('a table that refers to sensors is distributed', async () => {
    const others = await names(`
      SELECT c.conrelid::regclass::text AS name FROM pg_constraint c
      WHERE c.contype = 'f' AND c.confrelid = 'flow_sensor'::regclass AND c.conrelid::regclass::text <> ALL ($1)`);
    expect(others).toEqual([]);
  });

  test('the foreign keys that are dropped and made again are those of the migrations', async () => {
    const keys = await names(`
      SELECT c.conname || ': ' || pg_get_constraintdef(c.oid) AS name FROM pg_constraint c
      WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY ($1) ORDER BY 1`);
    expect(keys).toEqual(
      FOREIGN_KEYS.map(
        ({ table, column, references }) =>
          `${table}_${column}_fkey: FOREIGN KEY (${column}) REFERENCES ${references}(id) ON UPDATE CASCADE ON DELETE CASCADE`,
      ).sort(),
    );
  });

  test('every unique index of a distributed table has the distribution column', async () => {
    const without = await names(`
      SELECT i.indexrelid::regclass::text AS name FROM pg_index i
      WHERE i.indrelid::regclass::text = ANY ($1) AND i.indisunique AND NOT EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
          AND a.attname = CASE WHEN i.indrelid = 'flow_sensor'::regclass THEN 'id' ELSE 'sensor_id' END)`);
    expect(without).toEqual([]);
  });

  test('foreign keys of distributed tables lead to the account or, by the distribution column, to the sensor; none of a local table leads to them', async () => {
    const others = await names(`
      SELECT c.conname AS name FROM pg_constraint c
      WHERE c.contype = 'f' AND (
        c.conrelid::regclass::text = ANY ($1) AND c.confrelid::regclass::text NOT IN ('account', 'flow_sensor')
        OR c.confrelid::regclass::text = ANY ($1) AND (
          c.conrelid::regclass::text <> ALL ($1) OR c.conrelid = c.confrelid
          OR cardinality(c.conkey) <> 1
        ))`);
    expect(others).toEqual([]);
  });

  test('distributed tables have no triggers, and no function in the language SQL reads tables', async () => {
    expect(
      await names(`
        SELECT t.tgname AS name FROM pg_trigger t
        WHERE NOT t.tgisinternal AND t.tgrelid::regclass::text = ANY ($1)`),
    ).toEqual([]);
    expect(
      await names(`
        SELECT p.proname AS name FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = 'public'::regnamespace AND l.lanname = 'sql' AND $1::text[] IS NOT NULL`),
    ).toEqual([]);
  });
});

// Rows as arrays take the least time on plain PostgreSQL. A cluster takes them too, in a tenth of the pings a
// second that VALUES sorted by sensor and instant reach there.
const MANY_SENSORS = 'slow on a cluster, not refused by it';
/** Statements that break a rule, each with the reason why it may. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  append_to_summaries: MANY_SENSORS,
  insert_pings: MANY_SENSORS,
  insert_pings_of_quality: MANY_SENSORS,
  insert_flags: MANY_SENSORS,
  log_import_sensors: 'once an import, a row for each of its sensors',
  log_revisions: MANY_SENSORS,
  log_revisions_of_totalizers: MANY_SENSORS,
  refresh_instants_0: MANY_SENSORS,
  refresh_instants_1: MANY_SENSORS,
  refresh_instants_2: MANY_SENSORS,
  refresh_instants_3: MANY_SENSORS,
  write_totalizers: MANY_SENSORS,
  log_configuration: 'all rows are of one sensor',
};

interface Rule {
  readonly rule: string;
  readonly isBroken: (text: string, tables: string) => boolean;
}

const has = (text: string, pattern: string) => new RegExp(pattern, 'i').test(text);

const RULES: readonly Rule[] = [
  {
    rule: 'no MERGE, GROUPING SETS, CUBE or ROLLUP',
    isBroken: (text) => has(text, String.raw`\bMERGE INTO\b|\bGROUPING SETS\b|\b(CUBE|ROLLUP) ?\(`),
  },
  {
    rule: 'no INSERT … SELECT from arrays into a distributed table',
    isBroken: (text, tables) =>
      has(text, String.raw`INSERT INTO (${tables}) ?\([^)]*\) SELECT .*FROM unnest\(`),
  },
  {
    rule: 'UPDATE … FROM arrays names the sensors by = ANY',
    isBroken: (text, tables) =>
      has(text, String.raw`UPDATE (${tables})\b.* FROM .*unnest\(`) &&
      !has(text, String.raw`\b(id|sensor_id) = ANY ?\(\$`),
  },
  {
    rule: 'FOR UPDATE locks one sensor',
    isBroken: (text, tables) =>
      has(text, String.raw`FROM (${tables})\b.* FOR (NO KEY )?UPDATE`) &&
      !has(text, String.raw`\b(id|sensor_id) = \$\d`),
  },
  {
    rule: 'LATERAL … LIMIT is driven by flow_sensor, not by arrays',
    isBroken: (text, tables) =>
      has(
        text,
        String.raw`FROM unnest\([^;]*?\) AS \w+( \([^)]*\))? CROSS JOIN LATERAL \( ?SELECT [^;]*?FROM (${tables})\b[^;]*?LIMIT`,
      ) && !has(text, 'FROM flow_sensor'),
  },
  {
    rule: 'no subquery of an account into distributed tables',
    isBroken: (text, tables) =>
      has(text, String.raw`FROM account\b.*(EXISTS ?)?\( ?SELECT [^)]*FROM (${tables})\b`),
  },
  {
    rule: 'nothing is notified for each row of a distributed table',
    isBroken: (text, tables) =>
      has(text, String.raw`(pg_notify|add_job)\(`) &&
      has(text, String.raw`(FROM|JOIN) (${tables})\b`),
  },
  {
    rule: 'no constraint by its name, which has a suffix on shards, and no lock_timeout, which does not reach them',
    isBroken: (text) => has(text, 'ON CONSTRAINT|lock_timeout'),
  },
  {
    rule: 'a subquery has columns: what Citus runs by itself is read again by a list of them',
    isBroken: (text) => has(text, String.raw`\bSELECT FROM\b`),
  },
];

describe('the statements', () => {
  test('no statement breaks a rule, apart from those that are named with the reason', async () => {
    const statements = await exportedStatements();
    expect(statements.size).toBeGreaterThan(150);
    const tables = distributed.map((name) => name.replaceAll('"', '')).join('|');
    const broken: string[] = [];
    for (const { name, text } of statements.values()) {
      const line = text.replace(/\s+/g, ' ');
      for (const { rule, isBroken } of RULES) {
        if (isBroken(line, tables)) broken.push(`${name}: ${rule}`);
      }
    }
    const unnamed = broken.filter((each) => !(each.split(':')[0]! in EXCEPTIONS));
    expect(unnamed).toEqual([]);
    // An exception that is none any more is to be removed.
    const names = new Set(broken.map((each) => each.split(':')[0]));
    expect(Object.keys(EXCEPTIONS).filter((name) => !names.has(name))).toEqual([]);
  });

  // In the form that runs on shards a table's name is replaced there, and nowhere else.
  test('statements that read sensors by their ids name distributed tables after FROM and JOIN only', async () => {
    const tables = distributed.join('|');
    const others = [...(await exportedStatements()).values()].flatMap(({ name, text }) =>
      /\bs\.id = (ANY\(\$2::int\[\]\)|\$2$)/.test(text.trim()) &&
      new RegExp(String.raw`(?<!\b(FROM|JOIN) )\b(${tables})\b`).test(text)
        ? [name]
        : [],
    );
    expect(others).toEqual([]);
  });

  test.each([
    ['MERGE INTO ping USING x ON true WHEN MATCHED THEN DELETE', 0],
    ['INSERT INTO ping (sensor_id) SELECT k.* FROM unnest($1::int[]) AS k', 1],
    ['UPDATE ping p SET flowrate = k.f FROM unnest($1::int[]) AS k WHERE p.sensor_id = k.id', 2],
    ['SELECT id FROM flow_sensor WHERE account_id = $1 FOR UPDATE', 3],
    [
      'SELECT * FROM unnest($1::int[]) AS k CROSS JOIN LATERAL ( SELECT id FROM ping WHERE sensor_id = k LIMIT 1 ) AS p',
      4,
    ],
    [
      'SELECT a.id FROM account a WHERE EXISTS (SELECT 1 FROM flow_sensor s WHERE s.account_id = a.id)',
      5,
    ],
    [`SELECT pg_notify('x', p.id::text) FROM ping p`, 6],
    ['INSERT INTO ping VALUES ($1) ON CONFLICT ON CONSTRAINT ping_pkey DO NOTHING', 7],
    ['SELECT id FROM flow_sensor WHERE EXISTS (SELECT FROM webhook_endpoint)', 8],
  ])('a statement such as "%s" is refused', (text, rule) => {
    const broken = RULES.flatMap(({ isBroken }, index) =>
      isBroken(text, 'flow_sensor|ping|ping_summary') ? [index] : [],
    );
    expect(broken).toEqual([rule]);
  });
});
