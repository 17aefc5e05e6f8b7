import { useState } from 'react';
import { useQuery } from 'urql';
import {
  GroupPeriodsDocument,
  type GroupPeriodsQuery,
} from '../../../../generated/graphql/graphql.js';
import { Badge } from '../../components/badge.js';
import { Failure } from '../../components/failure.js';
import { Instant } from '../../components/instant.js';
import { Loading } from '../../components/loading.js';
import { StackedTable } from '../../components/stacked-table.js';
import { CloseDialog } from './close-dialog.js';
import type { Group } from './group.js';
import { ReopenDialog } from './reopen-dialog.js';

type Period = NonNullable<GroupPeriodsQuery['sensorGroup']>['periods']['nodes'][number];

// Two years of months: the adjustments of each are counted.
const PAGE_SIZE = 24;

/** The periods of a group, newest first; administrators close the next one and reopen the last. */
export function GroupPeriods({
  group,
  isAdmin,
  chosen,
  onChoose,
  onChanged,
}: {
  group: Group;
  isAdmin: boolean;
  chosen: string | null;
  onChoose: (id: string) => void;
  onChanged: (news: string) => void;
}) {
  const [after, setAfter] = useState<string | null>(null);
  const [{ data, error }, reload] = useQuery({
    query: GroupPeriodsDocument,
    variables: { group: group.id, first: PAGE_SIZE, after },
    requestPolicy: 'cache-and-network',
  });
  const [isClosing, setClosing] = useState(false);
  const [reopened, setReopened] = useState<Period>();
  const page = data?.sensorGroup?.periods;
  const periods = page?.nodes;
  const last = after === null ? periods?.find(({ status }) => status === 'CLOSED') : undefined;
  const changed = (news: string) => {
    setClosing(false);
    setReopened(undefined);
    onChanged(news);
    reload({ requestPolicy: 'network-only' });
  };
  return (
    <>
      {isAdmin && periods && after === null && (
        <div className="row">
          <button type="button" className="primary" onClick={() => setClosing(true)}>
            Close a period
          </button>
        </div>
      )}
      {error && <Failure what="The periods" error={error} retry={() => reload()} />}
      {!periods && !error && <Loading what="periods" />}
      {periods?.length === 0 && <p className="notice">No period was closed yet.</p>}
      {periods && periods.length > 0 && (
        <StackedTable
          caption="Periods, newest first"
          columns={['Period', 'State', 'Closed', 'Adjustments']}
          actions="Actions"
        >
          {periods.map((period) => (
            <PeriodRow
              key={period.id}
              period={period}
              isChosen={period.id === chosen}
              onChoose={() => onChoose(period.id)}
              onReopen={isAdmin && period === last ? () => setReopened(period) : undefined}
            />
          ))}
        </StackedTable>
      )}
      {page && (after !== null || page.pageInfo.hasNextPage) && (
        <nav className="row" aria-label="Pages of periods">
          {after !== null && (
            <button type="button" onClick={() => setAfter(null)}>
              Newest
            </button>
          )}
          {page.pageInfo.hasNextPage && (
            <button type="button" onClick={() => setAfter(page.pageInfo.endCursor ?? null)}>
              Older
            </button>
          )}
        </nav>
      )}
      {isClosing && (
        <CloseDialog
          group={group}
          last={last}
          onClosed={() => changed('The period was closed.')}
          onClose={() => setClosing(false)}
        />
      )}
      {reopened && (
        <ReopenDialog
          id={reopened.id}
          onDone={() => changed('The period was reopened.')}
          onClose={() => setReopened(undefined)}
        />
      )}
    </>
  );
}

function PeriodRow({
  period: { start, end, timeZone, status, adjustments, ...period },
  isChosen,
  onChoose,
  onReopen,
}: {
  period: Period;
  isChosen: boolean;
  onChoose: () => void;
  onReopen: (() => void) | undefined;
}) {
  const pending = adjustments.totalCount;
  return (
    <tr role="row" aria-current={isChosen}>
      <th role="rowheader" scope="row">
        <Instant at={start} timeZone={timeZone} /> to <Instant at={end} timeZone={timeZone} />
        <p className="quiet small">{timeZone}</p>
      </th>
      <td role="cell" data-label="State">
        {status === 'CLOSED' ? (
          <Badge tone="good">Closed</Badge>
        ) : (
          <Badge tone="warning">Reopened</Badge>
        )}
        {period.reopenedBy && (
          <p className="quiet small">
            by <bdi>{period.reopenedBy}</bdi>: <bdi>{period.reopenReason}</bdi>
          </p>
        )}
      </td>
      <td role="cell" data-label="Closed">
        <Instant at={period.closedAt} />
        <p className="quiet small">
          by <bdi>{period.closedBy}</bdi>
          {period.reason && (
            <>
              : <bdi>{period.reason}</bdi>
            </>
          )}
        </p>
      </td>
      <td role="cell" data-label="Adjustments">
        {pending > 0 ? <Badge tone="warning">{pending} pending</Badge> : 'none pending'}
      </td>
      <td role="cell">
        <div className="row">
          <button type="button" aria-pressed={isChosen} onClick={onChoose}>
            Figures
          </button>
          {onReopen && (
            <button type="button" onClick={onReopen}>
              Reopen…
            </button>
          )}
        </div>
      </td>
    </tr>
  );
}
