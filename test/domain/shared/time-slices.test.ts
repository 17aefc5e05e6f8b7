import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { ActiveAccounts } from '../../../src/domain/shared/active-accounts.js';
import { TimeSlices } from '../../../src/domain/shared/time-slices.js';

/** @returns the accounts whose work waits, in the order in which they have their turns */
async function served(waiting: readonly number[]): Promise<number[]> {
  const slices = new TimeSlices(new ActiveAccounts());
  const order: number[] = [];
  const work = async (account: number) => {
    await slices.of(account).next();
    order.push(account);
  };
  await Promise.all(waiting.map(work));
  return order;
}

test('accounts take turns, however much work of one of them waits before the others', async () => {
  const order = await served([...Array<number>(100).fill(1), 2, 3, 2]);
  expect(order).toEqual([1, 2, 3, 1, 2, ...Array<number>(98).fill(1)]);
});

test('an account that has used up its time waits for its share of it while another one makes requests', async () => {
  let isOtherActive = true;
  const left = new Map([[1, false]]);
  const budget = {
    has: (account: number | string) => left.get(account as number) ?? true,
    take: () => undefined,
  };
  const slices = new TimeSlices({ hasOther: () => isOtherActive }, budget);
  const order: number[] = [];
  const work = (account: number) =>
    slices
      .of(account)
      .next()
      .then(() => order.push(account));
  const first = [work(1), work(1)] as const;
  await work(2);
  await work(2);
  expect(order).toEqual([2, 2]);
  left.set(1, true);
  await first[0];
  left.set(1, false);
  isOtherActive = false;
  await first[1];
  expect(order).toEqual([2, 2, 1, 1]);
});

test('what is done in a turn counts as time of its account', async () => {
  const taken: [number | string, number][] = [];
  const slices = new TimeSlices(new ActiveAccounts(), {
    has: () => true,
    take: (account, milliseconds) => taken.push([account, milliseconds]),
  });
  await slices.of(7).next();
  const began = performance.now();
  while (performance.now() - began < 5) await Promise.resolve();
  await setImmediate();
  expect(taken).toEqual([[7, expect.any(Number)]]);
  expect(taken[0]![1]).toBeGreaterThanOrEqual(5);
});

test('work that waits has one turn in each iteration of the event loop', async () => {
  const slices = new TimeSlices(new ActiveAccounts());
  let turns = 0;
  for (let account = 0; account < 5; account++)
    void slices
      .of(account)
      .next()
      .then(() => turns++);
  const seen: number[] = [];
  for (let iteration = 0; iteration < 5; iteration++) {
    await setImmediate();
    seen.push(turns);
  }
  expect(seen).toEqual([1, 2, 3, 4, 5]);
});
