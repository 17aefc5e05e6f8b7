import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { useSearchParams } from 'wouter';
import {
  WebhookDeliveriesDocument,
  type EndpointPartsFragment,
} from '../../../../../generated/graphql/graphql.js';
import { Failure } from '../../../components/failure.js';
import { Loading } from '../../../components/loading.js';
import type { NamedSensor } from '../../../use-sensor-names.js';
import { useInterval } from '../../../use-interval.js';
import { DeliveryTable } from './delivery-table.js';
import { LogFilters } from './log-filters.js';
import {
  isFiltered,
  readLogState,
  variablesOf,
  writeLogState,
  type LogState,
} from './log-url-state.js';
import { outcomesOf, useOnChange } from './outcomes.js';
import { RedeliverFailed } from './redeliver-failed.js';
import { SendPending } from './send-pending.js';

const POLL_INTERVAL_MS = 3000;

/** The deliveries to an endpoint, newest first, kept up to date. */
export function DeliveryLog({
  endpoint,
  sensors,
  isAdmin,
  revision,
  onChange,
  onUpdate,
}: {
  endpoint: EndpointPartsFragment;
  sensors: readonly NamedSensor[] | undefined;
  isAdmin: boolean;
  revision: number;
  onChange: () => void;
  /** called when deliveries on the page came, were tried or ended */
  onUpdate: () => void;
}) {
  const { id } = endpoint;
  const [parameters, setParameters] = useSearchParams();
  const state = readLogState(parameters);
  const [{ data, error, fetching }, reload] = useQuery({
    query: WebhookDeliveriesDocument,
    variables: variablesOf(id, state),
  });
  const [chosenId, setOpenId] = useState<string>();
  const page = data?.webhookEndpoint?.deliveries;
  const openId = page?.nodes.find((delivery) => delivery.id === chosenId)?.id;
  // While details are open, newer deliveries do not push them away; the open row itself is updated.
  const isPaused = openId !== undefined;
  useInterval(isPaused ? undefined : POLL_INTERVAL_MS, () => {
    if (!fetching) reload();
  });
  useEffect(() => {
    if (revision > 0 && !isPaused) reload();
    // useQuery itself loads another page.
  }, [revision, isPaused]);

  useOnChange(page && outcomesOf(page.nodes), onUpdate);

  const change = (changed: Partial<LogState>) =>
    setParameters(writeLogState({ ...state, after: undefined, before: undefined, ...changed }), {
      // A letter typed in the search does not become a step of the browser's history.
      replace: 'search' in changed,
    });
  const hasNewer = page?.pageInfo.hasPreviousPage;
  const hasOlder = page?.pageInfo.hasNextPage;

  return (
    <section className="card stack" aria-labelledby="log-heading">
      <div className="row spread">
        <h2 id="log-heading">Deliveries</h2>
        {isAdmin && (
          <div className="row">
            <SendPending endpoint={endpoint} onDone={onChange} />
            <RedeliverFailed endpoint={endpoint} onDone={onChange} />
          </div>
        )}
      </div>
      <LogFilters state={state} sensors={sensors} onChange={change} />
      {error && <Failure what="The deliveries" error={error} retry={() => reload()} />}
      {!page && !error && <Loading what="deliveries" />}
      {page && page.nodes.length === 0 && (
        <p className="notice" role="status">
          {isFiltered(state)
            ? 'No deliveries match.'
            : 'Nothing has been sent yet. Send a test, or wait for a reading.'}
        </p>
      )}
      {page && page.nodes.length > 0 && (
        <DeliveryTable
          deliveries={page.nodes}
          isAdmin={isAdmin}
          openId={openId}
          onOpen={setOpenId}
          onUpdate={onUpdate}
        />
      )}
      {isPaused && <p className="quiet small">The list is paused while details are open.</p>}
      {(hasNewer || hasOlder || state.after || state.before) && (
        <nav className="row" aria-label="Pages of deliveries">
          {hasNewer && (
            <>
              <button type="button" onClick={() => change({})}>
                Newest
              </button>
              <button
                type="button"
                onClick={() => change({ before: page.pageInfo.startCursor ?? undefined })}
              >
                Newer
              </button>
            </>
          )}
          {hasOlder && (
            <button
              type="button"
              onClick={() => change({ after: page.pageInfo.endCursor ?? undefined })}
            >
              Older
            </button>
          )}
        </nav>
      )}
    </section>
  );
}
