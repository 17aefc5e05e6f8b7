import { readInstant } from './binary-instant.js';
import type { PingRow } from './ping-row.js';

const BYTES = 24;

/** Reads one sensor's pings as `PACKED_PINGS` has them. */
export function unpackPings(sensor_id: number, packed: string): PingRow[] {
  const buffer = Buffer.from(packed, 'base64');
  const pings: PingRow[] = [];
  for (let at = 0; at < buffer.length; at += BYTES) {
    pings.push({
      id: readId(buffer, at),
      sensor_id,
      at: readInstant(buffer, at + 8),
      flowrate: buffer.readDoubleBE(at + 16),
    });
  }
  return pings;
}

/** Decimal, for it may be past what a number holds. */
function readId(buffer: Buffer, at: number): string {
  return buffer.readInt32BE(at) === 0
    ? String(buffer.readUInt32BE(at + 4))
    : String(buffer.readBigInt64BE(at));
}
