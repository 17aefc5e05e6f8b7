import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { acquireEmbedded } from '../../../src/storage/embedded/embedded.js';
import { postmasterPid } from '../../helpers/embedded.js';

let directory: string;
let dataDir: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'flowgate-refusals-'));
  dataDir = path.join(directory, '.flowgate');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

test('an embedded PostgreSQL is stopped again by a start that cannot connect to it', async () => {
  await (await acquireEmbedded(dataDir)).release();
  await writeFile(path.join(dataDir, 'postgres-18', 'password'), 'wrong');
  await expect(acquireEmbedded(dataDir)).rejects.toThrow(
    /^The embedded PostgreSQL in [^\n]* refuses the connection: password authentication failed/,
  );
  expect(await postmasterPid(dataDir)).toBeUndefined();
});

test('a command that only reads makes no embedded PostgreSQL, and the message says how to name the database', async () => {
  await expect(acquireEmbedded(dataDir, { create: false })).rejects.toThrow(
    `There is no Flowgate database in ${dataDir}: set FLOWGATE_DATA_DIR to the server's directory, or DATABASE_URL.`,
  );
  await expect(stat(dataDir)).rejects.toThrow('ENOENT');
});

test('an embedded PostgreSQL is not made beside one of another version of PostgreSQL', async () => {
  await mkdir(path.join(dataDir, 'postgres-17'), { recursive: true });
  await expect(acquireEmbedded(dataDir)).rejects.toThrow(
    /postgres-17 is of another version of PostgreSQL than this Flowgate's \(postgres-18\): [^\n]+$/,
  );
  expect(await readdir(dataDir)).toEqual(['postgres-17']);
});
