import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { Database, type Statement } from '../../../src/storage/postgres/database.js';
import type { ReplicaFigures } from '../../../src/storage/replicas/replica.js';
import { createTestDatabase } from '../../helpers/database.js';
import { usePrimary, type Primary, type TestReplica } from '../../helpers/replica.js';

/** No read waits so long here: one that does is stuck. */
const EVER_MS = 3_600_000;

const place: Statement = { name: 'place', text: 'SELECT pg_is_in_recovery() AS "isReplica"' };
const accounts: Statement = {
  name: 'accounts',
  text: `SELECT name, pg_is_in_recovery() AS "isReplica" FROM account ORDER BY id DESC LIMIT 1`,
};

const startPrimary = usePrimary();
let primary: Primary;
let replica: TestReplica;
beforeAll(async () => {
  primary = await startPrimary();
  replica = await primary.replicate();
});
afterAll(() => primary.close());

const opened: Instance[] = [];
afterEach(async () => {
  for (const { database } of opened.splice(0)) await database.close();
});

/** A server's way to the database. */
class Instance {
  readonly database: Database;
  private readonly events: string[] = [];
  private onEvent: () => void = () => undefined;

  constructor(maxLagMs: number, replicas: readonly pg.PoolConfig[] = [replica.connection]) {
    this.database = new Database(primary.connection, {
      replicas: {
        maxLagMs,
        sources: replicas.map((connection, index) => ({
          place: `replica ${index}`,
          connect: () => Promise.resolve(connection),
        })),
        onEvent: (event) => {
          this.events.push(event);
          this.onEvent();
        },
      },
    });
    opened.push(this);
  }

  static async ready(...args: ConstructorParameters<typeof Instance>): Promise<Instance> {
    const instance = new Instance(...args);
    // They may begin to answer in any order.
    const silent = new Set((args[1] ?? [0]).keys());
    while (silent.size > 0) {
      const event = await instance.said('answers');
      for (const index of silent) if (event.includes(`replica ${index} `)) silent.delete(index);
    }
    return instance;
  }

  /** Waits until an event that was not waited for yet says so. */
  async said(text: string): Promise<string> {
    for (;;) {
      const index = this.events.findIndex((event) => event.includes(text));
      if (index >= 0) return this.events.splice(0, index + 1).at(-1)!;
      await new Promise<void>((resolve) => (this.onEvent = resolve));
    }
  }

  get figures(): readonly ReplicaFigures[] {
    return this.database.replicas!.figures;
  }

  async read(statement: Statement, accountId = 1): Promise<Record<string, unknown>> {
    const client = new AbortController().signal;
    const reader = { accountId, client, onlyReads: true };
    return (await this.database.reads.query(reader, statement, []))[0]!;
  }

  async add(name: string): Promise<void> {
    await this.database.prisma.account.create({ data: { name } });
  }
}

test('replicas answer the reads of requests that change nothing; the primary all others', async () => {
  const instance = await Instance.ready(EVER_MS);
  const { reads } = instance.database;
  const client = new AbortController().signal;
  expect(await instance.read(place)).toEqual({ isReplica: true });
  for (const reader of [
    { accountId: 1, client },
    { accountId: 1, client, onlyReads: false },
    { accountId: 1, onlyReads: true },
  ]) {
    expect(await reads.query(reader, place, [])).toEqual([{ isReplica: false }]);
  }
  expect(instance.figures).toEqual([
    expect.objectContaining({ isUsed: true, answered: 1, passedOn: 0 }),
  ]);
});

test('an instance without replicas asks the primary for reads alone, and for no position', async () => {
  const plain = new Database(primary.connection);
  const reader = { accountId: 1, client: new AbortController().signal, onlyReads: true };
  expect(await plain.reads.query(reader, place, [])).toEqual([{ isReplica: false }]);
  expect(plain.credentials.pool.totalCount).toBe(0);
  await plain.close();
});

test('several replicas take turns', async () => {
  const other = await primary.replicate();
  const instance = await Instance.ready(EVER_MS, [replica.connection, other.connection]);
  for (let count = 0; count < 10; count++) await instance.read(place);
  expect(instance.figures.map(({ answered }) => answered)).toEqual([5, 5]);
});

describe('a read sees what was committed before it, by whatever instance', () => {
  test('on a replica that has yet to replay it, it waits', async () => {
    const [writer, reader] = [new Instance(EVER_MS), await Instance.ready(EVER_MS)];
    await replica.query('SELECT pg_wal_replay_pause()');
    await writer.add('waited for');
    const reading = reader.read(accounts);
    expect(await Promise.race([reading, writer.database.prisma.account.count()])).toBeGreaterThan(
      0,
    );
    await replica.query('SELECT pg_wal_replay_resume()');
    expect(await reading).toEqual({ name: 'waited for', isReplica: true });
    expect(reader.figures).toEqual([expect.objectContaining({ answered: 1, passedOn: 0 })]);
  });

  test('the primary answers for a replica that lags by more than the bound, until it has caught up', async () => {
    const [writer, reader] = [new Instance(EVER_MS), await Instance.ready(50)];
    await replica.query('SELECT pg_wal_replay_pause()');
    await writer.add('not replayed');
    expect(await reader.read(accounts)).toEqual({ name: 'not replayed', isReplica: false });
    expect(await reader.said('is left out')).toBe(
      'The replica at replica 0 is left out: it lags by more than 50 ms',
    );
    expect(reader.figures[0]!.isUsed).toBe(false);
    expect(reader.figures[0]!.lagSeconds).toBeGreaterThan(0.05);
    const { passedOn } = reader.figures[0]!;
    expect(await reader.read(accounts)).toEqual({ name: 'not replayed', isReplica: false });
    expect(reader.figures[0]!.passedOn).toBe(passedOn);
    await replica.query('SELECT pg_wal_replay_resume()');
    await reader.said('replica 0 answers');
    expect(await reader.read(accounts)).toEqual({ name: 'not replayed', isReplica: true });
  });

  test('while a replica pauses and goes on at random', async () => {
    const [writer, reader] = [new Instance(EVER_MS), await Instance.ready(30)];
    const until = { isDone: false };
    const disturbing = (async () => {
      while (!until.isDone) {
        await replica.query('SELECT pg_wal_replay_pause()');
        await replica.query(`SELECT pg_sleep(${Math.random() / 20})`);
        await replica.query('SELECT pg_wal_replay_resume()');
        await replica.query(`SELECT pg_sleep(${Math.random() / 5})`);
      }
    })();
    const seen: unknown[] = [];
    // Left out, a replica is asked once a second whether it has caught up.
    for (let round = 0; round < 300 || reader.figures[0]!.answered === 0; round++) {
      await writer.add(`round ${round}`);
      seen.push((await reader.read(accounts))['name']);
    }
    until.isDone = true;
    await disturbing;
    expect(seen).toEqual(seen.map((_, round) => `round ${round}`));
  });
});

test('a replica that is killed fails no read, and answers again when it is back', async () => {
  const instance = await Instance.ready(EVER_MS);
  const until = { isDone: false };
  let seen = new Set<unknown>();
  let onSeen: () => void = () => undefined;
  const reading = Array.from({ length: 8 }, async (_, accountId) => {
    while (!until.isDone) {
      seen.add((await instance.read(place, accountId))['isReplica']);
      onSeen();
    }
  });
  const see = async (isReplica: boolean) => {
    seen = new Set();
    while (!seen.has(isReplica)) await new Promise<void>((resolve) => (onSeen = resolve));
  };
  await see(true);
  await replica.kill();
  await instance.said('replica 0 is left out');
  await see(false);
  await replica.start();
  await instance.said('replica 0 answers');
  await see(true);
  until.isDone = true;
  expect(await Promise.all(reading)).toHaveLength(8);
});

/** Waits for an hour on a replica, and not at all on the primary. */
const slow: Statement = {
  name: 'slow_on_replica',
  text: `SELECT count(*) = 0 AS "isEmpty", bool_or(pg_is_in_recovery()) IS TRUE AS "isReplica"
         FROM in_the_way, pg_sleep(CASE WHEN pg_is_in_recovery() THEN 3600 ELSE 0 END)`,
};

describe('a read is answered by the primary', () => {
  beforeEach(async () => {
    const { database } = new Instance(EVER_MS);
    await database.pool.query('CREATE TABLE in_the_way AS SELECT 1 AS one');
  });
  afterEach(async () => {
    const { database } = new Instance(EVER_MS);
    await database.pool.query('DROP TABLE in_the_way');
  });

  /** The processes of the replica that serve connections, once `slow` runs on one of them. */
  async function backends(): Promise<number[]> {
    for (;;) {
      const rows = await replica.query(
        `SELECT pid, wait_event = 'PgSleep' AS "isSlow" FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      );
      if (rows.some(({ isSlow }) => isSlow)) return rows.map(({ pid }) => pid as number);
    }
  }

  test('where a replica cancels it, because it is in the way of its recovery', async () => {
    const instance = await Instance.ready(EVER_MS);
    await replica.query('ALTER SYSTEM SET max_standby_streaming_delay = 0');
    await replica.query('SELECT pg_reload_conf()');
    const reading = instance.read(slow);
    await backends();
    await instance.database.pool.query('TRUNCATE in_the_way');
    expect(await reading).toEqual({ isEmpty: true, isReplica: false });
    expect(instance.figures[0]).toMatchObject({ isUsed: true, passedOn: 1 });
  });

  test('where a replica stops answering', async () => {
    const instance = await Instance.ready(EVER_MS);
    const reading = instance.read(slow);
    const stopped = await backends();
    for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    try {
      expect(await reading).toEqual({ isEmpty: false, isReplica: false });
      expect(await instance.said('is left out')).toContain('timeout');
    } finally {
      for (const pid of stopped) process.kill(pid, 'SIGCONT');
    }
  });
});

test('a server that is no replica of the primary answers no read, and the reason is told', async () => {
  const stranger = await createTestDatabase();
  const instance = new Instance(EVER_MS, [stranger.connection, primary.connection]);
  const reason = 'is left out: it is not a replica of the server of DATABASE_URL';
  expect(await instance.said(`replica 0 ${reason}`)).toBeTruthy();
  expect(await instance.read(place)).toEqual({ isReplica: false });
  expect(instance.figures.map(({ answered }) => answered)).toEqual([0, 0]);
  await stranger.drop();
});
