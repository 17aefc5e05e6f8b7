import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Domain } from '../../../src/composition/domain.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { encodeFrames, jsonFrame } from '../../../src/storage/backup/frames.js';
import { checkBackup, restoreBackup } from '../../../src/storage/backup/restore-backup.js';
import { writeBackup } from '../../../src/storage/backup/write-backup.js';
import { isMigrated, migrate } from '../../../src/storage/migrations/migrate.js';
import { listMigrationNames } from '../../../src/storage/migrations/schema-engine.js';
import { COMMIT_TABLE } from '../../../src/storage/postgres/commit-together.js';
import type { Database } from '../../../src/storage/postgres/database.js';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../../helpers/database.js';
import { createTestDomain } from '../../helpers/domain.js';
import { createTenant } from '../../helpers/graphql.js';

const AT = Date.parse('2026-01-01T00:00:00Z');
const MINUTE = 60_000;

let source: TestDatabase;
let target: TestDatabase;
let services: Domain;
let principal: Principal;
beforeEach(async () => {
  source = await createTestDatabase();
  target = await createEmptyDatabase();
  services = createTestDomain(source.database);
  ({ principal } = await createTenant(source, 'ours'));
});
afterEach(() => Promise.all([source.drop(), target.drop()]));

const backup = (database = source.database) => buffer(writeBackup(database, { version: '1.2.3' }));
const restore = (bytes: Buffer, into = target.database) =>
  restoreBackup(into, Readable.from([bytes]));

async function record(sensorId: number, from: number, count: number, flowrate = 5): Promise<void> {
  const pings = Array.from({ length: count }, (_, index) => ({
    sensorId,
    datetime: new Date(AT + (from + index) * MINUTE),
    flowrate: flowrate + index / 7,
    totalizer: index / 3,
  }));
  await services.pings.record(principal, pings, { onConflict: 'OVERWRITE' });
}

/** All rows of all tables, as text. */
async function dump({ pool }: Database): Promise<Record<string, string[]>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables
     WHERE schemaname = 'public' AND tablename NOT IN ('_prisma_migrations', '${COMMIT_TABLE}') ORDER BY 1`,
  );
  const all: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(
      `SELECT t::text AS row FROM ${name} t ORDER BY 1`,
    );
    all[name] = rows.map(({ row }) => row);
  }
  return all;
}

describe('a backup', () => {
  test('restores every row of every table, and ids go on after those of the backup', async () => {
    const { id } = await services.sensors.create(principal, { name: 'one' });
    await source.database.prisma.account.create({ data: { name: 'tab\tline\nback\\N €' } });
    await services.webhooks.create(principal, { url: 'http://127.0.0.1:9/' });
    const group = await services.groups.create(principal, { name: 'field' });
    await services.groups.setMembers(principal, group.id, [{ sensorId: id, direction: 'IN' }]);
    await record(id, 0, 200);
    await record(id, 100, 3, 1e-29);
    const before = await dump(source.database);
    const tables = ['account', 'ping', 'ping_summary', 'ping_revision', 'webhook_delivery'];
    const more = ['sensor_group', 'sensor_group_member', 'ping_totalizer'];
    for (const table of [...tables, ...more]) {
      expect([table, before[table]!.length]).toEqual([table, expect.any(Number)]);
      expect(before[table]).not.toEqual([]);
    }

    const { header, rows } = await restore(await backup());
    expect(header).toMatchObject({ version: 1, flowgate: '1.2.3' });
    expect(rows.get('ping')).toBe(200);
    expect(await dump(target.database)).toEqual(before);

    const restored = createTestDomain(target.database);
    const next = await restored.sensors.create(principal, { name: 'next' });
    expect(next.id).toBeGreaterThan(id);
  });

  test('is of one moment, while pings are recorded', async () => {
    const { id } = await services.sensors.create(principal, { name: 'busy' });
    const writing = { ended: false };
    let written = 0;
    const done = (async () => {
      for (; !writing.ended; written += 10) await record(id, written, 10);
    })();
    let rows: ReadonlyMap<string, number>;
    try {
      while (written < 100) await new Promise((resolve) => setImmediate(resolve));
      ({ rows } = await restore(await backup()));
    } finally {
      writing.ended = true;
      await done;
    }
    // The summaries and volumes agree with the pings, or it would not have been restored.
    expect(rows.get('ping')! % 10).toBe(0);
    expect(rows.get('ping')).toBeGreaterThanOrEqual(100);
    expect(rows.get('ping')).toBeLessThan(written);
  });

  test('of an earlier version is migrated after it was restored', async () => {
    const older = await createEmptyDatabase();
    const names = (await listMigrationNames()).slice(0, 1);
    await migrate(older.database.pool, { names });
    await older.database.pool.query(`INSERT INTO account (name) VALUES ('older')`);
    const bytes = await backup(older.database);
    await older.drop();
    expect((await restore(bytes)).header.migrations).toEqual(names);
    expect(await isMigrated(target.database.pool)).toBe(true);
    expect(await target.database.prisma.account.findMany({ select: { name: true } })).toEqual([
      { name: 'older' },
    ]);
  });

  test('that is cut off or changed anywhere is refused, and leaves the database empty', async () => {
    const { id } = await services.sensors.create(principal, { name: 'one' });
    await record(id, 0, 50);
    const whole = await backup();
    const content = gunzipSync(whole);
    // Also within the JSON at the beginning.
    const manifest = (content.indexOf('{') + 1) / content.length;
    const damaged = [manifest, 0.1, 0.5, 0.9, 0.999].flatMap((part) => {
      const changed = Buffer.from(content);
      changed[Math.floor(content.length * part)]! ^= 1;
      return [
        whole.subarray(0, whole.length * part),
        gzipSync(content.subarray(0, content.length * part)),
        gzipSync(changed),
      ];
    });
    for (const bytes of [...damaged, Buffer.from('CSV'), gzipSync('a,b'), Buffer.alloc(0)]) {
      await expect(checkBackup(Readable.from([bytes]))).rejects.toThrow(
        /^The (backup is (damaged|not whole)|file is not a backup)/,
      );
      await expect(restore(bytes)).rejects.toThrow();
    }
    const rows = Object.values(await dump(target.database)).flat();
    expect(rows).toEqual([]);
    expect((await restore(whole)).rows.get('ping')).toBe(50);
  });

  test('whose volumes or row counts are not those of the restored rows is reported', async () => {
    await services.sensors.create(principal, { name: 'one' });
    const content = gunzipSync(await backup()).toString('latin1');
    const wrong = (from: RegExp, to: string) => {
      expect(content).toMatch(from);
      return content.replace(from, to);
    };
    function* frames(text: string) {
      let at = 16;
      const bytes = Buffer.from(text, 'latin1');
      for (;;) {
        const length = bytes.readUInt32BE(at + 1);
        const payload = bytes.subarray(at + 5, at + 5 + length);
        const letter = String.fromCharCode(bytes[at]!);
        if (letter === 'S') return;
        const types = { H: 'header', T: 'table', D: 'data', E: 'tableEnd', F: 'figures' } as const;
        yield { type: types[letter as keyof typeof types], payload };
        at += 5 + length;
      }
    }
    const packed = async (text: string) =>
      gzipSync(await buffer(encodeFrames(Readable.from(frames(text)))));
    await expect(restore(await packed(wrong(/"rows":1}/, '"rows":2}')))).rejects.toThrow(
      /has 1 rows, and had 2/,
    );
    await expect(restore(await packed(wrong(/"linear":0/, '"linear":7')))).rejects.toThrow(
      /^The restored database differs from the backup: volumes of the sensors \d+\. Do not use it\.$/,
    );
  });

  test('is not restored into a database that has rows, nor into one of a newer version', async () => {
    const bytes = await backup();
    const before = await dump(source.database);
    await expect(restore(bytes, source.database)).rejects.toThrow(/^The database is not empty \(/);
    expect(await dump(source.database)).toEqual(before);
    const older = gzipSync(
      await buffer(
        encodeFrames(
          Readable.from([
            jsonFrame('header', { version: 1, flowgate: '0', createdAt: '', migrations: [] }),
          ]),
        ),
      ),
    );
    await expect(restore(older, source.database)).rejects.toThrow(/newer version than the backup/);
  });

  test('of a newer version is refused by name', async () => {
    for (const newer of [
      { version: 2, migrations: [] },
      { version: 1, migrations: ['20991231000000_future'] },
    ]) {
      const header = jsonFrame('header', { flowgate: '9.9.9', createdAt: '', ...newer });
      const bytes = gzipSync(await buffer(encodeFrames(Readable.from([header]))));
      await expect(restore(bytes)).rejects.toThrow(
        'The backup is of Flowgate 9.9.9, which is newer: restore it with that version.',
      );
    }
  });

  test('fails as a whole where the database has no tables', async () => {
    await expect(backup(target.database)).rejects.toThrow(
      'The database has no tables of Flowgate.',
    );
  });
});
