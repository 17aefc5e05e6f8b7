import { VOLUME_RECORD } from './sql/flow-volumes.js';

const { bytes: BYTES, offsets: AT } = VOLUME_RECORD;

/** Reads VOLUME_RECORDs. @returns the volume of each bucket, 0 where nothing is known */
export function unpackVolumes(packed: string, buckets: number): Float64Array {
  const buffer = Buffer.from(packed, 'base64');
  const volumes = new Float64Array(buckets);
  for (let at = 0; at < buffer.length; at += BYTES) {
    volumes[buffer.readInt32BE(at + AT.bucket) - 1] = buffer.readDoubleBE(at + AT.volume);
  }
  return volumes;
}
