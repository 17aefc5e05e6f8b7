import { expect, test } from '@jest/globals';
import { InstanceTracker } from '../../src/realtime/instance-tracker.js';

const present = (...ids: number[]) => new Set(ids);

test('an instance that is gone without a word is noticed at the second look', () => {
  const instances = new InstanceTracker();
  instances.reset(present(1, 2));
  expect(instances.look(present(1))).toBe(false);
  expect(instances.look(present(1))).toBe(true);
  expect(instances.look(present(1))).toBe(false);
});

test('one that came and went between two looks is noticed too', () => {
  const instances = new InstanceTracker();
  instances.reset(present(1));
  instances.came(2);
  expect(instances.look(present(1))).toBe(false);
  expect(instances.look(present(1))).toBe(true);
});

test('one that said so may go, also where its word comes after its absence', () => {
  const instances = new InstanceTracker();
  instances.reset(present(1, 2, 3));
  instances.left(2);
  expect(instances.look(present(1))).toBe(false);
  instances.left(3);
  expect(instances.look(present(1))).toBe(false);
});

test('one that is seen before it said hello is known', () => {
  const instances = new InstanceTracker();
  instances.reset(present(1));
  expect(instances.look(present(1, 2))).toBe(false);
  expect(instances.look(present(1))).toBe(false);
  expect(instances.look(present(1))).toBe(true);
});
