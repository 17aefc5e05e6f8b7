import type { Pipeline } from '../postgres/database.js';
import { appendToSummaries } from '../summaries/sql/append-to-summaries.js';
import { dayOf } from '../summaries/sql/level.js';
import type { PingChanges } from './ping-outbox.js';
import type { PingKey } from './stored-ping.js';
import { columns, earliestOfHours, refreshAboveHours, refreshHours } from './write-changes.js';

/**
 * Refreshes the summaries that hold changed pings.
 * @param inserted sorted by sensor and datetime
 * @param lastAtOf the instant of a sensor's last ping before the transaction's, milliseconds since
 * 1970; null or undefined where there is none
 */
export function refreshChanged(
  transaction: Pipeline,
  { inserted, corrections }: PingChanges,
  lastAtOf: (sensorId: number) => number | null | undefined,
): void {
  const changed = earliestOfHours([...inserted, ...corrections]);
  refreshHours(transaction, changed);
  // Citus has no statement of many sensors that appends, and no xmin that this transaction could compare.
  const isAppendable = !transaction.isOnCluster;
  const notAppended = new Set(corrections.map(({ sensorId }) => sensorId));
  const first = new Map<number, number>();
  const last = new Map<number, PingKey>();
  for (const ping of inserted) {
    const { sensorId, quality } = ping;
    const at = ping.datetime.getTime();
    const firstAt = first.get(sensorId) ?? at;
    first.set(sensorId, firstAt);
    last.set(sensorId, ping);
    const isLate = at <= (lastAtOf(sensorId) ?? -Infinity);
    if (!isAppendable || isLate || quality === 'BAD' || dayOf(firstAt) !== dayOf(at)) {
      notAppended.add(sensorId);
    }
  }
  const appended = [...last.values()].filter(({ sensorId }) => !notAppended.has(sensorId));
  if (appended.length > 0) transaction.send(appendToSummaries, columns(appended));
  const others = changed.filter(({ sensorId }) => notAppended.has(sensorId));
  if (others.length > 0) refreshAboveHours(transaction, others);
}
