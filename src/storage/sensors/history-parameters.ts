import { instantParameter } from '../postgres/instant-parameter.js';
import { ALL_START } from '../summaries/sql/level.js';
import { changedFrom, NEVER_CHANGED, type History } from './history.js';

/** The history as it is stored, with another value from an instant on if one is given. */
export function historyParameters<Value>(
  history: History<Value>,
  value: Value | undefined,
  from: Date,
): [changedAt: string[] | null, earlier: readonly Value[] | null] {
  const isEverSince = from <= new Date(ALL_START);
  const next =
    value === undefined ? history : isEverSince ? NEVER_CHANGED : changedFrom(history, value, from);
  if (next.changedAt.length === 0) return [null, null];
  return [next.changedAt.map(instantParameter), next.earlier];
}
