import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ExplorerStartDocument } from '../../../../generated/graphql/graphql.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { exampleSensor } from '../../example-sensor.js';
import { sessionCredential } from './credential.js';
import { examples } from './examples.js';
import { createFetcher } from './fetcher.js';
import { Explorer } from './graphiql.js';

/** Signed in by the session. The page needs a policy of its own, so that it is loaded anew. */
export default function ExplorerPage() {
  const [{ data, error }, retry] = useQuery({ query: ExplorerStartDocument });
  const fetcher = useMemo(() => createFetcher(sessionCredential()), []);
  const offered = useMemo(() => data && examples(exampleSensor(data)), [data]);

  return (
    <div className="stack">
      <PageHeading title="Explorer">
        <p className="small quiet">
          GraphQL at <code>{`${window.location.origin}/graphql`}</code>, signed in by your session
        </p>
      </PageHeading>
      {error && <Failure what="The explorer" error={error} retry={() => retry()} />}
      {!error && !offered && <Loading what="the explorer" />}
      {offered && <Explorer fetcher={fetcher} examples={offered} />}
    </div>
  );
}
