import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { TimeSlices } from '../../../src/domain/shared/time-slices.js';

/** @returns the accounts whose work waits, in the order in which they have their turns */
async function served(waiting: readonly number[]): Promise<number[]> {
  const slices = new TimeSlices();
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

test('work that waits has one turn in each iteration of the event loop', async () => {
  const slices = new TimeSlices();
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
