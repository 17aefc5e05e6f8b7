import { Link } from 'wouter';
import { FlagsDocument } from '../../../../../generated/graphql/graphql.js';
import { unitVariables } from '../../../display-units.js';
import { quantity } from '../../../format.js';
import { FlagTable } from '../../flags/flag-table.js';
import { useAnswer } from '../use-answer.js';

const SHOWN = 20;

/** The sensor's open flags, if it has any; administrators settle them. */
export function FlagsSection({
  id,
  revision,
  isAdmin,
  timeZone,
  onChanged,
}: {
  id: string;
  revision: number;
  isAdmin: boolean;
  timeZone: string;
  onChanged: () => void;
}) {
  const { flowrateUnit } = unitVariables;
  const { answer } = useAnswer(FlagsDocument, {
    question: id,
    variables: { status: 'OPEN', sensorIds: [id], first: SHOWN, flowrateUnit },
    revision,
  });
  const list = answer?.data.readingFlags;
  if (!list || list.totalCount === 0) return null;
  return (
    <section className="card stack" aria-labelledby="flags-heading">
      <h2 id="flags-heading">
        Flagged readings <span className="quiet small">{quantity(list.totalCount)} open</span>
      </h2>
      <FlagTable
        flags={list.nodes}
        hasSensor={false}
        isAdmin={isAdmin}
        timeZone={timeZone}
        onChanged={onChanged}
      />
      {list.totalCount > list.nodes.length && (
        <p className="small">
          The newest {list.nodes.length}. <Link href="/flags">All flagged readings</Link>
        </p>
      )}
    </section>
  );
}
