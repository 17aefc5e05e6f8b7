import type { PingCorrection } from '../../storage/pings/stored-ping.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import { auditEntry, type AuditEntry } from '../shared/audit.js';
import type { Principal } from '../shared/principal.js';

/** An event for each sensor of which one request corrects pings; the revisions have the readings. */
export function correctionEvents(
  principal: Principal,
  corrections: readonly PingCorrection[],
): AuditEntry[] {
  const counts = new Map<number, number>();
  for (const { sensorId } of corrections) counts.set(sensorId, (counts.get(sensorId) ?? 0) + 1);
  return [...counts].map(([id, count]) =>
    auditEntry(principal, 'PINGS_CORRECTED', { type: 'SENSOR', id }, { count }),
  );
}

export function deletionEvent(
  principal: Principal,
  id: number,
  { start, end }: TimeRange,
  count: number,
): AuditEntry {
  const range = { start: start.toISOString(), end: end.toISOString() };
  return auditEntry(principal, 'PINGS_DELETED', { type: 'SENSOR', id }, { count, ...range });
}
