import './log.css';
import { useQuery } from 'urql';
import { useSearchParams } from 'wouter';
import {
  AccountLogDocument,
  type AccountLogFilter,
} from '../../../../generated/graphql/graphql.js';
import { ExportLink } from '../../components/export-link.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { displayUnits } from '../../display-units.js';
import { keepCalendar } from '../../range/kept-calendar.js';
import { readCalendar } from '../../range/calendar.js';
import { serverAddress } from '../../server-address.js';
import { useInterval } from '../../use-interval.js';
import { useViewer } from '../../use-viewer.js';
import { LogFilters } from './log-filters.js';
import { LogTable } from './log-table.js';
import { fileQuery, filterOf, readLogView, writeLogView, type LogView } from './log-view.js';

const PAGE_SIZE = 50;
const REFRESH_INTERVAL_MS = 15_000;

/** Who did what in the account, newest first. */
export default function LogPage() {
  const { isAdmin, error, retry } = useViewer();
  if (error) return <Failure what="Your account" error={error} retry={retry} />;
  if (isAdmin === undefined) return <Loading what="your account" />;
  return <Log isAdmin={isAdmin} />;
}

function Log({ isAdmin }: { isAdmin: boolean }) {
  const [parameters, setParameters] = useSearchParams();
  const view = readLogView(parameters);
  const { after, before, timeZone } = view;
  const filter = filterOf(view, isAdmin);
  const [{ data, error, fetching, stale }, reload] = useQuery({
    query: AccountLogDocument,
    variables: {
      filter,
      ...(before ? { last: PAGE_SIZE, before } : { first: PAGE_SIZE, after: after ?? null }),
    },
  });
  // An older page stays as it is.
  const isNewest = after === undefined && before === undefined;
  useInterval(isNewest ? REFRESH_INTERVAL_MS : undefined, () => {
    if (!fetching) reload();
  });
  const change = (changed: Partial<LogView>, replace = false) => {
    if (changed.timeZone) {
      keepCalendar({ ...readCalendar(parameters), timeZone: changed.timeZone });
    }
    const next = { ...view, after: undefined, before: undefined, ...changed };
    setParameters(writeLogView(next), { replace });
  };
  const page = data?.accountLog;
  return (
    <div className="stack log">
      <PageHeading title="Log">
        <Exports filter={filter} />
      </PageHeading>
      {!isAdmin && (
        <p className="quiet">
          Corrections and deletions of readings, and changes of settings. Administrators also see
          who signed in, and what was done to users, tokens and webhooks.
        </p>
      )}
      <LogFilters view={view} isAdmin={isAdmin} onChange={change} />
      {error && <Failure what="The log" error={error} retry={() => reload()} />}
      {!page && !error && <Loading what="the log" />}
      {page && !error && page.nodes.length === 0 && (
        <p className="notice" role="status">
          Nothing matches.
        </p>
      )}
      {page && !error && page.nodes.length > 0 && (
        <LogTable entries={page.nodes} timeZone={timeZone} isBusy={fetching && !stale} />
      )}
      {page && <Pages page={page.pageInfo} isNewest={isNewest} onChange={change} />}
    </div>
  );
}

function Exports({ filter }: { filter: AccountLogFilter }) {
  const address = (name: string, more: Record<string, string> = {}) => {
    const query = fileQuery(filter);
    for (const [key, value] of Object.entries(more)) query.set(key, value);
    return serverAddress(`/app/${name}?${query.toString()}`);
  };
  const { flowrateUnit } = displayUnits;
  return (
    <div className="row">
      <ExportLink href={address('log.csv', { flowrateUnit })}>Export (CSV)</ExportLink>
      <ExportLink href={address('log.ndjson')}>Export (NDJSON)</ExportLink>
    </div>
  );
}

function Pages({
  page: { hasNextPage, hasPreviousPage, startCursor, endCursor },
  isNewest,
  onChange,
}: {
  page: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor?: string | null;
    endCursor?: string | null;
  };
  isNewest: boolean;
  onChange: (change: Partial<LogView>) => void;
}) {
  if (isNewest && !hasNextPage) return null;
  return (
    <nav className="row" aria-label="Pages of the log">
      {!isNewest && (
        <button type="button" onClick={() => onChange({})}>
          Newest
        </button>
      )}
      {!isNewest && hasPreviousPage && startCursor && (
        <button type="button" onClick={() => onChange({ before: startCursor })}>
          Newer
        </button>
      )}
      {hasNextPage && endCursor && (
        <button type="button" onClick={() => onChange({ after: endCursor })}>
          Older
        </button>
      )}
    </nav>
  );
}
