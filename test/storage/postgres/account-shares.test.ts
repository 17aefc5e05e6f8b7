import { expect, test } from '@jest/globals';
import { AccountShares } from '../../../src/storage/postgres/account-shares.js';

const { signal } = new AbortController();

/** Work that a test ends, with a record of what has begun. */
class Work {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, () => void>();

  constructor(
    private readonly shares: AccountShares,
    private readonly reader?: { isAlone: boolean },
  ) {}

  add(accountId: number, name: string): Promise<string> {
    const work = () => {
      this.begun.push(name);
      return new Promise<string>((resolve) => this.ends.set(name, () => resolve(name)));
    };
    return this.shares.run(accountId, signal, work, this.reader);
  }

  end(name: string): void {
    this.ends.get(name)!();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('one account gets half, and each further one an equal share with one share left free', async () => {
  const work = new Work(new AccountShares({ concurrency: 12, maxWaiting: 100 }));
  for (let index = 0; index < 20; index++) void work.add(1, '1');
  await settled();
  expect(work.begun).toHaveLength(6);
  for (let index = 0; index < 20; index++) void work.add(2, '2');
  await settled();
  expect(work.begun).toHaveLength(10);
  for (let index = 0; index < 20; index++) void work.add(3, '3');
  await settled();
  expect(work.begun).toHaveLength(12);
});

test('an account has more while no other makes requests, and its share again once one does', async () => {
  const reader = { isAlone: true };
  const work = new Work(
    new AccountShares({ concurrency: 4, maxWaiting: 100, whileAlone: 3 }),
    reader,
  );
  for (let index = 0; index < 5; index++) void work.add(1, String(index));
  await settled();
  expect(work.begun).toEqual(['0', '1', '2']);
  reader.isAlone = false;
  work.end('0');
  await settled();
  expect(work.begun).toHaveLength(3);
  work.end('1');
  await settled();
  expect(work.begun).toEqual(['0', '1', '2', '3']);
});

test('an account that is alone leaves room as soon as another has work', async () => {
  const reader = { isAlone: true };
  const work = new Work(
    new AccountShares({ concurrency: 4, maxWaiting: 100, whileAlone: 3 }),
    reader,
  );
  for (let index = 0; index < 5; index++) void work.add(1, 'a');
  void work.add(2, 'b');
  await settled();
  expect(work.begun).toEqual(['a', 'a', 'a', 'b']);
});

test('accounts take turns, and within an account the first to wait is the first to begin', async () => {
  const work = new Work(new AccountShares({ concurrency: 2, maxWaiting: 100 }));
  const all = ['a1', 'b1', 'a2', 'a3', 'a4', 'b2', 'b3'].map((name) =>
    work.add(name.charCodeAt(0), name),
  );
  for (let ended = 0; ended < all.length; ended++) {
    await settled();
    work.end(work.begun[ended]!);
  }
  expect(await Promise.all(all)).toHaveLength(7);
  expect(work.begun).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'a4']);
});

test('work that fails gives its place to the next', async () => {
  const shares = new AccountShares({ concurrency: 1, maxWaiting: 100 });
  const failing = shares.run(1, signal, () => Promise.reject(new Error('failed')));
  const next = shares.run(1, signal, () => Promise.resolve('next'));
  await expect(failing).rejects.toThrow('failed');
  expect(await next).toBe('next');
});
