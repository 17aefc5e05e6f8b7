const BYTES = 12;

/** Reads volumes as `hourVolumes` packs them. @returns each bucket's, 0 where nothing is known */
export function unpackVolumes(packed: string, buckets: number): Float64Array {
  const buffer = Buffer.from(packed, 'base64');
  const volumes = new Float64Array(buckets);
  for (let at = 0; at < buffer.length; at += BYTES) {
    volumes[buffer.readInt32BE(at) - 1] = buffer.readDoubleBE(at + 4);
  }
  return volumes;
}
