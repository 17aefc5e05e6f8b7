import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ScheduledBackups } from '../../src/composition/scheduled-backups.js';
import { createLog } from '../../src/http/log.js';
import { checkBackup } from '../../src/storage/backup/restore-backup.js';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';

const HOUR = 3_600_000;

let db: TestDatabase;
let directory: string;
let logged: EventEmitter;
let now: number;
beforeEach(async () => {
  db = await createTestDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'flowgate-backups-'));
  logged = new EventEmitter();
  now = Date.parse('2026-03-01T12:00:00Z');
});
afterEach(async () => {
  await db.drop();
  await rm(directory, { recursive: true });
});

function startBackups(folder = directory): ScheduledBackups {
  const backups = new ScheduledBackups({
    database: db.database,
    log: createLog('info', { write: (line) => logged.emit(JSON.parse(line).level, line) }),
    clock: () => new Date(now),
    version: '1.2.3',
    directory: folder,
    everyMs: 24 * HOUR,
    keep: 2,
    pollIntervalMs: 10,
  });
  backups.start();
  return backups;
}

const INFO = '30';
const ERROR = '50';

test('a backup is written whenever the newest is old enough, and only as many as asked for are kept', async () => {
  await writeFile(path.join(directory, 'flowgate-20260201T000000Z.backup.partial'), '');
  await writeFile(path.join(directory, 'notes.txt'), '');
  let backups = startBackups();
  await once(logged, INFO);
  backups.close();
  expect((await readdir(directory)).sort()).toEqual([
    'flowgate-20260301T120000Z.backup',
    'notes.txt',
  ]);
  now += 23 * HOUR;
  backups = startBackups();
  for (const hours of [1, 24]) {
    const written = once(logged, INFO);
    now += hours * HOUR;
    await written;
  }
  backups.close();
  expect((await readdir(directory)).sort()).toEqual([
    'flowgate-20260302T120000Z.backup',
    'flowgate-20260303T120000Z.backup',
    'notes.txt',
  ]);
  const newest = path.join(directory, 'flowgate-20260303T120000Z.backup');
  expect((await checkBackup(createReadStream(newest))).header.flowgate).toBe('1.2.3');
});

test('several instances with one folder write one backup', async () => {
  const instances = [startBackups(), startBackups(), startBackups()];
  await once(logged, INFO);
  now += 24 * HOUR;
  await once(logged, INFO);
  instances.forEach((instance) => instance.close());
  expect(await readdir(directory)).toHaveLength(2);
});

test('a backup that cannot be written is logged with the reason and tried again', async () => {
  const blocked = path.join(directory, 'backups');
  await writeFile(blocked, '');
  const backups = startBackups(blocked);
  const [line] = (await once(logged, ERROR)) as [string];
  expect(line).toContain('A backup failed and is tried again: ');
  const written = once(logged, INFO);
  await rm(blocked);
  await written;
  backups.close();
});
