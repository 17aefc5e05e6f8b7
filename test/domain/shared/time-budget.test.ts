import { expect, test } from '@jest/globals';
import { TimeBudget } from '../../../src/domain/shared/time-budget.js';

test('an account that has used much time has some again when a quarter of the time since then makes up for it', () => {
  let now = 0;
  const budget = new TimeBudget(() => now);
  expect(budget.has(1)).toBe(true);
  budget.take(1, 251);
  expect([budget.has(1), budget.has(2)]).toEqual([false, true]);
  now = 4;
  expect(budget.has(1)).toBe(false);
  now = 5;
  expect(budget.has(1)).toBe(true);
});

test('what an account saves and what it owes are limited', () => {
  let now = 0;
  const budget = new TimeBudget(() => now);
  budget.take(1, 100_000);
  now = 1001;
  expect(budget.has(1)).toBe(true);
  now = 1_000_000;
  budget.take(1, 250);
  expect(budget.has(1)).toBe(false);
});
