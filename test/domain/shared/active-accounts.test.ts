import { expect, test } from '@jest/globals';
import { ActiveAccounts } from '../../../src/domain/shared/active-accounts.js';

test('another account is active for a second after its latest request, however many others come since', () => {
  let now = 0;
  const active = new ActiveAccounts(() => now);
  expect(active.hasOther(1)).toBe(false);
  active.note(1);
  expect([active.hasOther(1), active.hasOther(2), active.hasOther('::1')]).toEqual([
    false,
    true,
    true,
  ]);
  now = 500;
  active.note(2);
  active.note(2);
  now = 999;
  expect([active.hasOther(1), active.hasOther(2)]).toEqual([true, true]);
  now = 1000;
  expect([active.hasOther(1), active.hasOther(2)]).toEqual([true, false]);
  now = 1500;
  expect(active.hasOther(1)).toBe(false);
});
