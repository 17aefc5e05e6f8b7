import { QUALITIES, SEVERITIES, type Quality } from '../../storage/pings/quality.js';

export { QUALITIES, type Quality } from '../../storage/pings/quality.js';

const BY_SEVERITY = new Map(QUALITIES.map((quality) => [SEVERITIES[quality], quality]));

/** What a quality that is not one should have been. */
export const QUALITY_RULE = 'GOOD, UNCERTAIN or BAD, or 192, 64 or 0 as in OPC';

/** A name in any case, or a severity as OPC has them; undefined where it is neither. */
export function readQuality(value: unknown): Quality | undefined {
  if (typeof value === 'number') return BY_SEVERITY.get(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim().toUpperCase();
  return (
    QUALITIES.find((quality) => quality === text) ??
    (/^\d+$/.test(text) ? BY_SEVERITY.get(Number(text)) : undefined)
  );
}
