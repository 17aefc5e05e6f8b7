import { expect, test } from '@jest/globals';
import { ConcurrencyLimiter } from '../../../src/domain/shared/concurrency-limiter.js';
import { UnavailableError } from '../../../src/domain/shared/errors.js';

test('up to a number of tasks run at once, up to a number wait in order, and the next one is refused', async () => {
  const queue = new ConcurrencyLimiter(2, 2);
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const run = (name: string) =>
    queue.run(async () => {
      started.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    });
  const [a, b, c, d] = [run('a'), run('b'), run('c'), run('d')];
  expect(started).toEqual(['a', 'b']);
  await expect(run('e')).rejects.toThrow(UnavailableError);
  ends.get('b')!();
  expect(await b).toBe('b');
  expect(started).toEqual(['a', 'b', 'c']);
  ends.get('a')!();
  ends.get('c')!();
  expect(await Promise.all([a, c])).toEqual(['a', 'c']);
  ends.get('d')!();
  expect(await d).toBe('d');
});

test('a task that fails lets the next one run', async () => {
  const queue = new ConcurrencyLimiter(1, 1);
  const failing = queue.run(() => Promise.reject(new Error('failed')));
  const next = queue.run(() => Promise.resolve('next'));
  await expect(failing).rejects.toThrow('failed');
  expect(await next).toBe('next');
  expect(await queue.run(() => Promise.resolve('again'))).toBe('again');
});

test('tasks of different keys are served in rotation', async () => {
  const limiter = new ConcurrencyLimiter(1, 10);
  const served: string[] = [];
  const run = (key: string) =>
    limiter.run(() => {
      served.push(key);
      return Promise.resolve();
    }, key);
  await Promise.all(['a', 'a', 'a', 'a', 'b', 'c', 'b'].map(run));
  expect(served.join('')).toBe('aabcaba');
});

test('a full queue refuses the newest task of the key that has most of them waiting', async () => {
  const limiter = new ConcurrencyLimiter(1, 3);
  const outcomes = await Promise.allSettled(
    ['a1', 'a2', 'a3', 'a4', 'b1', 'a5', 'b2', 'c1'].map((name) =>
      limiter.run(() => Promise.resolve(name), name[0]),
    ),
  );
  const done = outcomes.flatMap((outcome) =>
    outcome.status === 'fulfilled' ? [outcome.value] : [],
  );
  expect(done).toEqual(['a1', 'a2', 'b1', 'c1']);
});

test('tasks of one key leave room for those of another, and the room is used again', async () => {
  const limiter = new ConcurrencyLimiter(2, 10, 1);
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const run = (name: string) =>
    limiter.run(() => {
      started.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    }, name[0]);
  const all = ['a1', 'a2', 'b1', 'b2', 'c1'].map(run);
  expect(started).toEqual(['a1', 'b1']);
  for (const [ended, next] of [
    ['b1', 'b2'],
    ['a1', 'a2'],
    ['b2', 'c1'],
  ] as const) {
    ends.get(ended)!();
    await all[['a1', 'a2', 'b1', 'b2', 'c1'].indexOf(ended)];
    expect(started.at(-1)).toBe(next);
  }
  ends.get('a2')!();
  ends.get('c1')!();
  await Promise.all(all);
});
