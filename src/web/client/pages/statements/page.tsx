import './statements.css';
import { useState } from 'react';
import { useQuery } from 'urql';
import { Link, useSearchParams } from 'wouter';
import { GroupToStateDocument, StatementsDocument } from '../../../../generated/graphql/graphql.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { useViewer } from '../../use-viewer.js';
import { IssueForm } from './issue-form.js';
import { StatementTable } from './statement-table.js';

const PAGE_SIZE = 25;

/** The measurement statements of the account, newest first. */
export default function StatementsPage() {
  const { isAdmin } = useViewer();
  const [parameters, setParameters] = useSearchParams();
  const after = parameters.get('after');
  const [{ data, error }, reload] = useQuery({
    query: StatementsDocument,
    variables: { first: PAGE_SIZE, after },
    requestPolicy: 'cache-and-network',
  });
  const group = parameters.get('group');
  const isOfGroup = group !== null;
  const [{ data: found, error: groupError, fetching: isFinding }, findGroup] = useQuery({
    query: GroupToStateDocument,
    variables: { id: group ?? '' },
    pause: !isOfGroup,
  });
  const ofGroup = { ...(isOfGroup && { group }) };
  // While another group is being found, the data are those of the one before.
  const stated = isOfGroup && !isFinding ? (found?.sensorGroup ?? undefined) : undefined;
  const [isIssuing, setIssuing] = useState(false);
  const [news, setNews] = useState('');
  const page = data?.measurementStatements;
  return (
    <div className="stack statements">
      <PageHeading title="Statements">
        {isAdmin && (
          <button
            type="button"
            className="primary"
            disabled={isOfGroup && !stated}
            onClick={() => setIssuing(true)}
          >
            Issue a statement
          </button>
        )}
      </PageHeading>
      <p className="quiet">
        A statement says what flowed through sensors in a period, with the readings, corrections and
        settings that the figures follow from. It is numbered and signed, and never changes:{' '}
        <code>flowgate verify</code> checks its JSON file without this server.
      </p>
      {stated && isAdmin && (
        <p>
          A statement that you issue here is of the sensors of <bdi>{stated.name}</bdi>, unless you
          choose others.
        </p>
      )}
      {isOfGroup && isAdmin && groupError && !isFinding && (
        <Failure
          what="The group whose sensors are to be stated"
          error={groupError}
          retry={() => findGroup({ requestPolicy: 'network-only' })}
        />
      )}
      {isOfGroup && isAdmin && found?.sensorGroup === null && !isFinding && (
        <div className="notice bad" role="alert">
          <p>
            <strong>No statement can be issued here:</strong> there is no group with the id{' '}
            <bdi>{group || '“”'}</bdi>, which the address of this page names.
          </p>
          <Link href="/statements">Statements of any sensors</Link>
        </div>
      )}
      <p role="status" className={news ? 'notice' : 'visually-hidden'}>
        {news}
      </p>
      {error && <Failure what="The statements" error={error} retry={() => reload()} />}
      {!page && !error && <Loading what="statements" />}
      {page && page.nodes.length === 0 && <p>No statement was issued yet.</p>}
      {page && page.nodes.length > 0 && <StatementTable statements={page.nodes} />}
      {page && (after !== null || page.pageInfo.hasNextPage) && (
        <nav className="row" aria-label="Pages of statements">
          {after !== null && (
            <button type="button" onClick={() => setParameters(ofGroup)}>
              Newest
            </button>
          )}
          {page.pageInfo.hasNextPage && (
            <button
              type="button"
              onClick={() => setParameters({ ...ofGroup, after: page.pageInfo.endCursor ?? '' })}
            >
              Older
            </button>
          )}
        </nav>
      )}
      {isIssuing && (
        <IssueForm
          group={stated}
          onIssued={(text) => {
            setIssuing(false);
            setNews(text);
            setParameters(ofGroup);
            reload({ requestPolicy: 'network-only' });
          }}
          onClose={() => setIssuing(false)}
        />
      )}
    </div>
  );
}
