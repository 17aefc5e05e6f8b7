import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { useSearchParams } from 'wouter';
import {
  WebhookDeliveriesDocument,
  type EndpointPartsFragment,
} from '../../../../../generated/graphql/graphql.js';
import { Failure } from '../../../components/failure.js';
import { Loading } from '../../../components/loading.js';
import { useInterval } from '../../../use-interval.js';
import { DeliveryTable } from './delivery-table.js';
import { LogFilters } from './log-filters.js';
import { readPlace, variablesOf, writePlace, type LogPlace } from './log-url-state.js';
import { RedeliverFailed } from './redeliver-failed.js';

const AGAIN_MS = 3000;

/** What was sent to an endpoint, newest first, as it goes on. */
export function DeliveryLog({
  endpoint,
  isAdmin,
  revision,
  onChange,
}: {
  endpoint: EndpointPartsFragment;
  isAdmin: boolean;
  revision: number;
  onChange: () => void;
}) {
  const { id } = endpoint;
  const [parameters, setParameters] = useSearchParams();
  const place = readPlace(parameters);
  const [{ data, error, fetching }, ask] = useQuery({
    query: WebhookDeliveriesDocument,
    variables: variablesOf(id, place),
  });
  const [chosenId, setOpenId] = useState<string>();
  const page = data?.webhookEndpoint?.deliveries;
  const openId = page?.nodes.find((delivery) => delivery.id === chosenId)?.id;
  // While one is being read, newer ones do not push it away; its own row goes on.
  const standsStill = openId !== undefined;
  useInterval(standsStill ? undefined : AGAIN_MS, () => {
    if (!fetching) ask();
  });
  useEffect(() => {
    if (revision > 0 && !standsStill) ask();
    // Asking for another page is useQuery's own part.
  }, [revision, standsStill]);

  const change = (changed: Partial<LogPlace>) =>
    setParameters(writePlace({ ...place, after: undefined, before: undefined, ...changed }));
  const hasNewer = page?.pageInfo.hasPreviousPage;
  const hasOlder = page?.pageInfo.hasNextPage;

  return (
    <section className="card stack" aria-labelledby="log-heading">
      <div className="row spread">
        <h2 id="log-heading">Deliveries</h2>
        {isAdmin && <RedeliverFailed endpoint={endpoint} onDone={onChange} />}
      </div>
      <LogFilters place={place} onChange={change} />
      {error && <Failure what="The deliveries" error={error} retry={() => ask()} />}
      {!page && !error && <Loading what="deliveries" />}
      {page && page.nodes.length === 0 && (
        <p className="notice" role="status">
          {place.status || place.eventType || place.before || place.after
            ? 'No delivery meets the filter.'
            : 'Nothing has been sent yet. Send a test, or wait for a reading.'}
        </p>
      )}
      {page && page.nodes.length > 0 && (
        <DeliveryTable
          deliveries={page.nodes}
          isAdmin={isAdmin}
          openId={openId}
          onOpen={setOpenId}
        />
      )}
      {standsStill && <p className="quiet small">The list stands still while details are open.</p>}
      {(hasNewer || hasOlder || place.after || place.before) && (
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
