import './groups.css';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useSearchParams } from 'wouter';
import { GroupListDocument } from '../../../../generated/graphql/graphql.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { StackedTable } from '../../components/stacked-table.js';
import { useViewer } from '../../use-viewer.js';
import { BalanceSection } from './balance-section.js';
import { GroupForm } from './group-form.js';
import { GroupRow } from './group-row.js';

/** The groups of sensors: administrators make and change them, and all users see their balance. */
export default function GroupsPage() {
  const isAdmin = useViewer().isAdmin ?? false;
  const [parameters] = useSearchParams();
  const [after, setAfter] = useState<string | null>(null);
  const [{ data, error }, reload] = useQuery({
    query: GroupListDocument,
    variables: { after },
    requestPolicy: 'cache-and-network',
  });
  const [isAdding, setAdding] = useState(false);
  const [news, setNews] = useState('');
  // Counts the changes: what is shown of a group is loaded again.
  const [revision, setRevision] = useState(0);
  const page = data?.sensorGroups;
  const groups = page?.nodes;
  const chosen = groups?.find(({ id }) => id === parameters.get('group'));
  const changed = (text: string) => {
    setNews(text);
    setRevision((count) => count + 1);
    reload({ requestPolicy: 'network-only' });
  };
  return (
    <div className="stack groups">
      <PageHeading title="Groups">
        {isAdmin && (
          <button type="button" className="primary" onClick={() => setAdding(true)}>
            Add group
          </button>
        )}
      </PageHeading>
      <p className="quiet">
        The sensors of a group are read and closed together. Those with a direction count in its
        balance: what flows in, less what flows out.
      </p>
      <p role="status" className={news ? 'notice' : 'visually-hidden'}>
        {news}
      </p>
      {error && <Failure what="The groups" error={error} retry={() => reload()} />}
      {!groups && !error && <Loading what="groups" />}
      {groups?.length === 0 && <p className="notice">There is no group yet.</p>}
      {groups && groups.length > 0 && (
        <StackedTable
          caption="Groups of sensors"
          columns={['Group', 'Days', 'Sensors', 'See']}
          actions="Actions"
        >
          {groups.map((group) => (
            <GroupRow
              key={group.id}
              group={group}
              isAdmin={isAdmin}
              isChosen={group === chosen}
              onChanged={changed}
            />
          ))}
        </StackedTable>
      )}
      {page && (after !== null || page.pageInfo.hasNextPage) && (
        <nav className="row" aria-label="Pages of groups">
          {after !== null && (
            <button type="button" onClick={() => setAfter(null)}>
              First
            </button>
          )}
          {page.pageInfo.hasNextPage && (
            <button type="button" onClick={() => setAfter(page.pageInfo.endCursor ?? null)}>
              Next
            </button>
          )}
        </nav>
      )}
      {chosen && <BalanceSection key={chosen.id} group={chosen} revision={revision} />}
      {isAdding && (
        <GroupForm
          onSaved={(name) => {
            setAdding(false);
            changed(`The group ${name} was added. Now choose its sensors.`);
          }}
          onClose={() => setAdding(false)}
        />
      )}
    </div>
  );
}
