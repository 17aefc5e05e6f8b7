import { getEventListeners, getMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isDatabaseReady } from '../../../src/storage/migrations/readiness.js';
import { TokenStore } from '../../../src/storage/accounts/token-store.js';
import { Database, type Statement } from '../../../src/storage/postgres/database.js';
import { DatabaseUnavailableError } from '../../../src/storage/postgres/pg-errors.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

const one: Statement = { name: 'one', text: 'SELECT 1 AS one' };
/** Waits for a lock that the test has. */
const blocked: Statement = { name: 'blocked', text: 'SELECT pg_advisory_xact_lock(1) IS NULL' };
const shortOne: Statement = { ...one, name: 'short_one', isShort: true };
const shortBlocked: Statement = { ...blocked, name: 'short_blocked', isShort: true };
const BLOCKED = `SELECT count(*)::int AS count FROM pg_locks
  WHERE locktype = 'advisory' AND objid = 1 AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

let scratch: TestDatabase;
let observer: Database;
let database: Database;
beforeEach(async () => {
  scratch = await createTestDatabase();
  database = scratch.database;
  observer = new Database(scratch.connection);
});
afterEach(async () => {
  await observer.close();
  await scratch.drop();
});

function read(accountId: number, statement: Statement, client = new AbortController().signal) {
  return database.reads.query({ accountId, client }, statement, []);
}

async function blockedCount(count: number): Promise<void> {
  for (;;) {
    const { rows } = await observer.credentials.pool.query<{ count: number }>(BLOCKED);
    if (rows[0]!.count === count) return;
  }
}

/** Keeps the lock that `blocked` waits for while `work` runs. */
async function whileLocked<T>(work: () => Promise<T>): Promise<T> {
  const client = await observer.pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock(1)');
    return await work();
  } finally {
    client.release(true);
  }
}

test('an account whose reads fill its share leaves room for the reads of every other account', async () => {
  const { max } = database.reads.pool.options;
  let slow: Promise<unknown>[] = [];
  await whileLocked(async () => {
    slow = Array.from({ length: 3 * max }, () => read(1, blocked));
    await blockedCount(max / 2);
    expect(await read(2, one)).toEqual([{ one: 1 }]);
    expect(await read(3, one)).toEqual([{ one: 1 }]);
  });
  expect(await Promise.all(slow)).toHaveLength(3 * max);
});

test.each([
  ['beside others', false, (cores: number) => Math.floor((cores + 1) / 2)],
  ['alone', true, (cores: number) => cores],
])(
  'of large reads of an account %s few run at once, and its other reads go on beside them',
  async (_, isAlone, shareOf) => {
    const { max } = database.reads.pool.options;
    const share = shareOf(Math.max(2, Math.min(availableParallelism(), max / 2)));
    const client = new AbortController().signal;
    let large: Promise<unknown>[] = [];
    await whileLocked(async () => {
      const reader = { accountId: 1, client, large: { isAlone, turn: () => Promise.resolve() } };
      large = Array.from({ length: max }, () => database.reads.query(reader, blocked, []));
      await blockedCount(share);
      expect(await read(1, one)).toEqual([{ one: 1 }]);
      expect(await read(2, one)).toEqual([{ one: 1 }]);
      await blockedCount(share);
    });
    expect(await Promise.all(large)).toHaveLength(max);
  },
);

test('the rows of a large read are processed when it is its turn', async () => {
  const turns: (() => void)[] = [];
  const large = {
    isAlone: false,
    turn: () => new Promise<void>((begin) => turns.push(begin)),
  };
  const client = new AbortController().signal;
  const rows = database.reads.query({ accountId: 1, client, large }, one, []);
  while (turns.length === 0) await setImmediate();
  expect(await Promise.race([rows, Promise.resolve('waits')])).toBe('waits');
  turns[0]!();
  expect(await rows).toEqual([{ one: 1 }]);
});

test('credentials and readiness are answered while all other connections are busy', async () => {
  const { pool, reads, transfers } = database;
  const others = [pool, reads.pool, reads.shared.pool, transfers.pool];
  let slow: Promise<unknown>[] = [];
  await whileLocked(async () => {
    slow = others.flatMap((pool) =>
      Array.from({ length: pool.options.max + 1 }, () => pool.query(blocked.text)),
    );
    await blockedCount(slow.length - others.length);
    expect(await isDatabaseReady(database.credentials.pool)).toBe(true);
    expect(await new TokenStore(database).findCredential(new Uint8Array(32))).toBeNull();
  });
  await Promise.all(slow);
});

test('a read whose client has gone is cancelled, and its connection is used again', async () => {
  const client = new AbortController();
  await whileLocked(async () => {
    const cancelled = read(1, blocked, client.signal);
    await blockedCount(1);
    client.abort();
    await expect(cancelled).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await blockedCount(0);
  });
  expect(await read(1, one)).toEqual([{ one: 1 }]);
  expect(database.reads.pool.totalCount).toBe(1);
});

test('as many reads of a request as may run and wait at once listen to its signal, only until they end', async () => {
  const { signal } = new AbortController();
  const listeners = () => getEventListeners(signal, 'abort').length;
  const { max } = database.reads.pool.options;
  let slow: Promise<unknown>[] = [];
  await whileLocked(async () => {
    slow = Array.from({ length: max / 2 + 500 }, () => read(1, blocked, signal));
    await blockedCount(max / 2);
    expect(listeners()).toBe(slow.length);
    // Node warns of a leak beyond this.
    expect(getMaxListeners(signal)).toBeGreaterThanOrEqual(listeners());
  });
  await Promise.all(slow);
  expect(listeners()).toBe(0);
});

test('a read whose client goes while it waits for its turn never runs', async () => {
  const client = new AbortController();
  const { max } = database.reads.pool.options;
  await whileLocked(async () => {
    const running = Array.from({ length: max / 2 }, () => read(1, blocked));
    await blockedCount(max / 2);
    const waiting = read(1, blocked, client.signal);
    client.abort();
    await expect(waiting).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await blockedCount(max / 2);
    void Promise.all(running);
  });
});

test('an account of which too many reads wait is refused, and others are not', async () => {
  let slow: Promise<unknown>[] = [];
  await whileLocked(async () => {
    slow = Array.from({ length: 600 }, () => read(1, blocked));
    slow.forEach((each) => each.catch(() => undefined));
    await expect(read(1, one)).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(await read(2, one)).toEqual([{ one: 1 }]);
  });
  await Promise.allSettled(slow);
});

test('short reads of an account share all connections but one, which leaves room for other accounts', async () => {
  const { max } = database.reads.shared.pool.options;
  let slow: Promise<unknown>[] = [];
  await whileLocked(async () => {
    slow = Array.from({ length: 3 * max }, () => read(1, shortBlocked));
    await blockedCount(max - 1);
    expect(await read(2, shortOne)).toEqual([{ one: 1 }]);
    expect(await read(1, one)).toEqual([{ one: 1 }]);
    await blockedCount(max - 1);
  });
  expect(await Promise.all(slow)).toHaveLength(3 * max);
  expect(database.reads.shared.pool.idleCount).toBe(database.reads.shared.pool.totalCount);
});

test('a short read that fails does so alone', async () => {
  const failing = { name: 'failing', text: 'SELECT 1 / 0', isShort: true };
  const statements = [shortOne, failing, shortOne, shortOne, failing, shortOne];
  const outcomes = await Promise.allSettled(statements.map((each) => read(1, each)));
  expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(
    statements.map((each) => each === shortOne),
  );
});

test('short reads on a connection that breaks fail, and the next ones have another', async () => {
  await whileLocked(async () => {
    const broken = Promise.allSettled(Array.from({ length: 8 }, () => read(1, shortBlocked)));
    await blockedCount(database.reads.shared.pool.options.max - 1);
    await observer.credentials.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query = $1`,
      [shortBlocked.text],
    );
    for (const outcome of await broken) {
      expect(outcome).toMatchObject({ reason: expect.any(DatabaseUnavailableError) });
    }
  });
  expect(await read(1, shortOne)).toEqual([{ one: 1 }]);
});

test('a read that takes longer than reads may is cancelled as unavailable', async () => {
  const impatient = new Database(scratch.connection, { readTimeoutMs: 50 });
  await whileLocked(async () => {
    await expect(impatient.reads.query({ accountId: 1 }, blocked, [])).rejects.toBeInstanceOf(
      DatabaseUnavailableError,
    );
  });
  await impatient.close();
});

test('a read has 30 s, and what is written has no limit', async () => {
  const setting = `SELECT current_setting('statement_timeout') AS timeout`;
  expect((await database.reads.pool.query(setting)).rows).toEqual([{ timeout: '30s' }]);
  expect((await database.pool.query(setting)).rows).toEqual([{ timeout: '0' }]);
});
