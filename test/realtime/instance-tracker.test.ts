import { expect, test } from '@jest/globals';
import { InstanceTracker } from '../../src/realtime/instance-tracker.js';

const present = (...ids: number[]) => new Set(ids);

test('an instance that vanished without saying goodbye is noticed at the second check', () => {
  const instances = new InstanceTracker();
  instances.reset(present(1, 2));
  expect(instances.check(present(1))).toBe(false);
  expect(instances.check(present(1))).toBe(true);
  expect(instances.check(present(1))).toBe(false);
});

test('an instance that came and vanished between two checks is noticed', () => {
  const instances = new InstanceTracker();
  instances.reset(present(1));
  instances.came(2);
  expect(instances.check(present(1))).toBe(false);
  expect(instances.check(present(1))).toBe(true);
});

test('an instance that says goodbye may leave, even if its message arrives after it is missed', () => {
  const instances = new InstanceTracker();
  instances.reset(present(1, 2, 3));
  instances.left(2);
  expect(instances.check(present(1))).toBe(false);
  instances.left(3);
  expect(instances.check(present(1))).toBe(false);
});

test('an instance that is seen before it says hello is known', () => {
  const instances = new InstanceTracker();
  instances.reset(present(1));
  expect(instances.check(present(1, 2))).toBe(false);
  expect(instances.check(present(1))).toBe(false);
  expect(instances.check(present(1))).toBe(true);
});
