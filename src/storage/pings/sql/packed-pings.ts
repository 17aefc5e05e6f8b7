import { SEVERITY } from '../quality.js';
import { recordLayout } from '../../postgres/record-layout.js';

export const PING_RECORD = recordLayout({
  id: 'int8',
  datetime: 'timestamptz',
  flowrate: 'float8',
  recorded_at: 'timestamptz',
  severity: 'int4',
});

/** SQL aggregate: a PING_RECORD for each ping `p`; null where there are none. */
export const PACKED_PINGS = PING_RECORD.packed({
  id: 'p.id',
  datetime: 'p.datetime',
  flowrate: 'p.flowrate',
  recorded_at: 'p.recorded_at',
  severity: SEVERITY,
});
