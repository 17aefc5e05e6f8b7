import type { Quality } from '../../../../../generated/graphql/graphql.js';
import { Badge } from '../../../components/badge.js';

export const QUALITY_NAMES: Readonly<Record<Quality, string>> = {
  GOOD: 'Good',
  UNCERTAIN: 'Uncertain',
  BAD: 'Bad',
};

/** The quality of a reading, behind it, where it is not good. */
export function QualityBadge({ quality }: { quality: Quality }) {
  if (quality === 'GOOD') return null;
  return (
    <>
      {' '}
      <Badge
        tone={quality === 'BAD' ? 'bad' : 'warning'}
        title={quality === 'BAD' ? 'Counts in no volume' : 'Counts in volumes'}
      >
        {QUALITY_NAMES[quality]}
      </Badge>
    </>
  );
}
