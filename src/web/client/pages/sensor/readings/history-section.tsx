import type { RevisionsQuery } from '../../../../../generated/graphql/graphql.js';
import { Instant } from '../../../components/instant.js';
import { quantity } from '../../../format.js';
import { QualityBadge } from './quality-badge.js';
import { reasonName } from '../../../reason-name.js';
import { flowrateUnit } from '../../../display-units.js';

export type Revision = NonNullable<RevisionsQuery['flowSensor']>['pingRevisions']['nodes'][number];

/** Who corrected or deleted readings of the range, newest first. */
export function HistorySection({
  revisions,
  total,
  timeZone,
}: {
  revisions: readonly Revision[];
  total: number;
  timeZone: string;
}) {
  return (
    <section className="card stack" aria-labelledby="history-heading">
      <h2 id="history-heading">
        Corrections and deletions <span className="quiet small">of readings in the range</span>
      </h2>
      {revisions.length === 0 ? (
        <p className="quiet">None.</p>
      ) : (
        <div className="scroll table-box" tabIndex={0} role="region" aria-label="History table">
          <table>
            <thead>
              <tr>
                <th scope="col">Reading</th>
                <th scope="col" className="number">
                  Before ({flowrateUnit})
                </th>
                <th scope="col" className="number">
                  After ({flowrateUnit})
                </th>
                <th scope="col">Made</th>
                <th scope="col">By</th>
                <th scope="col">Reason</th>
              </tr>
            </thead>
            <tbody>
              {revisions.map((revision) => (
                <tr key={revision.id}>
                  <td>
                    <Instant at={revision.datetime} timeZone={timeZone} />
                  </td>
                  <td className="number">
                    {typeof revision.oldFlowrate === 'number'
                      ? quantity(revision.oldFlowrate)
                      : 'none'}
                    {revision.oldQuality && <QualityBadge quality={revision.oldQuality} />}
                    <Totalizer barrels={revision.oldTotalizer} />
                  </td>
                  <td className="number">
                    {typeof revision.newFlowrate === 'number'
                      ? quantity(revision.newFlowrate)
                      : 'deleted'}
                    {revision.newQuality && <QualityBadge quality={revision.newQuality} />}
                    <Totalizer barrels={revision.newTotalizer} />
                  </td>
                  <td>
                    <Instant at={revision.revisedAt} timeZone={timeZone} />
                  </td>
                  <td>
                    <bdi>{revision.revisedBy}</bdi>
                  </td>
                  <td className="reason">
                    {revision.reasonCode && <span>{reasonName(revision.reasonCode)}</span>}
                    {revision.reasonCode && revision.comment && ': '}
                    <bdi>{revision.comment ?? (revision.reasonCode ? '' : '–')}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {total > revisions.length && (
        <p className="small quiet">
          The newest {revisions.length} of {quantity(total)}.
        </p>
      )}
    </section>
  );
}

/** The meter's own, which is in barrels as it came in. */
function Totalizer({ barrels }: { readonly barrels?: number | null | undefined }) {
  return typeof barrels === 'number' && <div className="quiet">totalizer {barrels} bbl</div>;
}
