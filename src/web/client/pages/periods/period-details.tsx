import { useQuery } from 'urql';
import { PeriodDetailsDocument } from '../../../../generated/graphql/graphql.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { unitVariables } from '../../display-units.js';
import { dateTime, quantity } from '../../format.js';
import { AdjustmentTable } from './adjustment-table.js';
import { FiguresTable } from './figures-table.js';

/** The figures of a period as it was closed, and what has changed them since. */
export function PeriodDetails({
  id,
  isAdmin,
  onChanged,
}: {
  id: string;
  isAdmin: boolean;
  onChanged: (news: string) => void;
}) {
  const { volumeUnit } = unitVariables;
  const [{ data, error }, reload] = useQuery({
    query: PeriodDetailsDocument,
    variables: { id, volumeUnit },
    requestPolicy: 'cache-and-network',
  });
  if (error) return <Failure what="The period" error={error} retry={() => reload()} />;
  if (!data) return <Loading what="the period" />;
  const { period } = data;
  if (!period) return <p className="notice">There is no such period.</p>;
  const { adjustments, timeZone } = period;
  const at = (instant: string) => dateTime(new Date(instant), timeZone);
  return (
    <section className="stack" aria-labelledby="period-details">
      <h2 id="period-details">
        {at(period.start)} to {at(period.end)}
      </h2>
      <h3>Figures as it was closed</h3>
      <div className="scrolls" role="group" aria-label="Figures by sensor" tabIndex={0}>
        <FiguresTable sensors={period.sensors} />
      </div>
      <h3>Adjustments</h3>
      {adjustments.totalCount === 0 && (
        <p>Nothing has changed these figures since the period was closed.</p>
      )}
      {adjustments.totalCount > adjustments.nodes.length && (
        <p className="quiet small">
          The first {quantity(adjustments.nodes.length)} of {quantity(adjustments.totalCount)}.
        </p>
      )}
      {adjustments.totalCount > 0 && (
        <AdjustmentTable
          adjustments={adjustments.nodes}
          timeZone={timeZone}
          isAdmin={isAdmin && period.status === 'CLOSED'}
          onChanged={(news) => {
            onChanged(news);
            reload({ requestPolicy: 'network-only' });
          }}
        />
      )}
    </section>
  );
}
