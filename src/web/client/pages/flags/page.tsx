import { useState } from 'react';
import { useQuery } from 'urql';
import { useSearchParams } from 'wouter';
import { FlagsDocument, type ReadingFlagStatus } from '../../../../generated/graphql/graphql.js';
import { Failure } from '../../components/failure.js';
import { FormField } from '../../components/form-field.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { unitVariables } from '../../display-units.js';
import { quantity } from '../../format.js';
import { useViewer } from '../../use-viewer.js';
import { FlagTable } from './flag-table.js';

const PAGE_SIZE = 50;
const STATUSES: readonly (readonly [ReadingFlagStatus | 'ALL', string])[] = [
  ['OPEN', 'Open'],
  ['ACCEPTED', 'Accepted'],
  ['REJECTED', 'Rejected'],
  ['ALL', 'All'],
];

/** Readings that failed checks, to be worked off. */
export default function FlagsPage() {
  const isAdmin = useViewer().isAdmin ?? false;
  const [parameters, setParameters] = useSearchParams();
  const [news, setNews] = useState('');
  const asked = parameters.get('status');
  const status = STATUSES.find(([name]) => name === asked)?.[0] ?? 'OPEN';
  const after = parameters.get('after');
  const [{ data, error }, reload] = useQuery({
    query: FlagsDocument,
    variables: {
      status: status === 'ALL' ? null : status,
      first: PAGE_SIZE,
      after,
      flowrateUnit: unitVariables.flowrateUnit,
    },
  });
  const list = data?.readingFlags;
  return (
    <div className="stack">
      <PageHeading title="Flagged readings" />
      <p className="quiet">
        Good readings that failed a check of their sensor. They are uncertain, and count in volumes,
        until an administrator accepts or rejects them.
      </p>
      <FormField label="State">
        {(input) => (
          <select
            {...input}
            value={status}
            onChange={({ target }) => setParameters({ status: target.value })}
          >
            {STATUSES.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <p className="visually-hidden" role="status">
        {news}
      </p>
      {error && <Failure what="The flagged readings" error={error} retry={() => reload()} />}
      {!list && !error && <Loading what="flagged readings" />}
      {list?.nodes.length === 0 && <p className="notice">None.</p>}
      {list && list.nodes.length > 0 && (
        <>
          <p className="quiet small">{quantity(list.totalCount)} in this state.</p>
          <FlagTable
            flags={list.nodes}
            isAdmin={isAdmin}
            onChanged={(text) => {
              setNews(text);
              reload();
            }}
          />
        </>
      )}
      {list && (after !== null || list.pageInfo.hasNextPage) && (
        <nav className="row" aria-label="Pages of flagged readings">
          {after !== null && (
            <button type="button" onClick={() => setParameters({ status })}>
              Newest
            </button>
          )}
          {list.pageInfo.hasNextPage && list.pageInfo.endCursor && (
            <button
              type="button"
              onClick={() => setParameters({ status, after: list.pageInfo.endCursor! })}
            >
              Older
            </button>
          )}
        </nav>
      )}
    </div>
  );
}
