import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ExplorerStartDocument } from '../../../../generated/graphql/graphql.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { exampleSensor } from '../../example-sensor.js';
import { endSession } from '../../session.js';
import { sessionCredential } from './credential.js';
import { examples } from './examples.js';
import { createFetcher } from './fetcher.js';
import { Explorer } from './graphiql.js';
import { absoluteAddress } from '../../server-address.js';

/**
 * The explorer, signed in by the session. Its Content-Security-Policy differs, so links to it
 * reload the document.
 */
export default function ExplorerPage() {
  const [{ data, error }, retry] = useQuery({ query: ExplorerStartDocument });
  const fetcher = useMemo(() => createFetcher(sessionCredential(keepEditor)), []);
  const available = useMemo(() => data && examples(exampleSensor(data)), [data]);

  return (
    <div className="stack">
      <PageHeading title="Explorer">
        <p className="small quiet">
          GraphQL at <code>{absoluteAddress('/graphql')}</code>, signed in by your session.{' '}
          <strong>Mutations change real data.</strong>
        </p>
      </PageHeading>
      {error && <Failure what="The explorer" error={error} retry={() => retry()} />}
      {!error && !available && <Loading what="the explorer" />}
      {available && <Explorer fetcher={fetcher} examples={available} />}
    </div>
  );
}

/** A link's operation would replace what was written into the editor, if the page were left. */
function keepEditor(): void {
  endSession({ isBusy: true });
}
