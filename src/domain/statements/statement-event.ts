import type { OutboxEvent } from '../../storage/webhooks/event-outbox.js';
import type { StatementHeader } from './document.js';

/** What webhook endpoints are sent of a statement that was issued. */
export function statementIssued(header: StatementHeader, hash: string): OutboxEvent {
  const { number, version, supersedes, start, end, issuedAt, issuedBy, volume, sensors } = header;
  return {
    type: 'statement_issued',
    sensorIds: sensors.map(({ id }) => id),
    data: {
      ...{ number, version, supersedes, start, end },
      ...{ issued_at: issuedAt, issued_by: issuedBy, hash, volume },
      sensors: sensors.map((each) => ({ sensor_id: each.id, volume: each.volume })),
    },
  };
}
