/**
 * SQL aggregate: pings `p` (id, datetime, flowrate, recorded_at) one after the other in PostgreSQL's binary
 * form, of 8 bytes each, in base64; null where there are none. A thousand of them written in
 * decimals would take five times as long here.
 */
export const PACKED_PINGS = `encode(
  string_agg(int8send(p.id) || timestamptz_send(p.datetime) || float8send(p.flowrate) ||
    timestamptz_send(p.recorded_at), ''::bytea), 'base64')`;
