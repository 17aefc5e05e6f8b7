/** How far a reading can be trusted. */
export const QUALITIES = ['GOOD', 'UNCERTAIN', 'BAD'] as const;
export type Quality = (typeof QUALITIES)[number];

/** As OPC has them, https://reference.opcfoundation.org/Core/Part8/v105/docs/A.4.3 */
export const SEVERITIES: Readonly<Record<Quality, number>> = { GOOD: 192, UNCERTAIN: 64, BAD: 0 };

/** What is stored of a ping: nothing of a good one, so that it takes no byte more. */
export type StoredSeverity = 64 | 0 | null;

export function severityOf(quality: Quality): StoredSeverity {
  return quality === 'GOOD' ? null : quality === 'UNCERTAIN' ? 64 : 0;
}

/** @param severity 64 uncertain, 0 bad; null or another: good */
export function qualityOf(severity: number | null): Quality {
  return severity === 0 ? 'BAD' : severity === 64 ? 'UNCERTAIN' : 'GOOD';
}

/** SQL: whether ping `p` counts in volumes and summaries, because it is not bad. */
export const COUNTS = 'p.quality IS DISTINCT FROM 0';

/** SQL: the severity of ping `p`. */
export const SEVERITY = 'coalesce(p.quality, 192)';
