import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ExplorerStartDocument } from '../../../../generated/graphql/graphql.js';
import { reasonOf } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { exampleSensor } from '../../example-sensor.js';
import type { Credential } from './credential.js';
import { examples } from './examples.js';
import { createFetcher } from './fetcher.js';
import { Explorer } from './graphiql.js';

/** With a credential, which may turn out to be of no use. */
export function Started({ credential }: { credential: Credential }) {
  const [{ data, error, fetching }] = useQuery({ query: ExplorerStartDocument });
  const fetcher = useMemo(() => createFetcher(credential), [credential]);
  const offered = useMemo(() => examples(exampleSensor(data)), [data]);
  if (fetching) return <Loading what="the explorer" />;
  return (
    <>
      {data && <Who viewer={data.viewer} />}
      {error && (
        <p className="notice bad" role="alert">
          {reasonOf(error)}
        </p>
      )}
      <Explorer fetcher={fetcher} examples={offered} canAsk={!isRefused(error)} />
    </>
  );
}

/** Without one there is only what can be looked at. */
export function Waiting() {
  const fetcher = useMemo(() => createFetcher(undefined), []);
  const offered = useMemo(() => examples(exampleSensor(undefined)), []);
  return (
    <>
      <p className="notice" role="status">
        <span>
          Enter an API token to run queries and to read the schema, or{' '}
          <a href="/app/login?next=%2Fgraphql">sign in</a>.
        </span>
      </p>
      <Explorer fetcher={fetcher} examples={offered} canAsk={false} />
    </>
  );
}

function Who({
  viewer,
}: {
  viewer: {
    username?: string | null;
    tokenName?: string | null;
    account: string;
    scopes: readonly string[];
  };
}) {
  const { username, tokenName, account, scopes } = viewer;
  const who = username ? `Signed in as ${username}` : `With the token “${tokenName ?? ''}”`;
  return (
    <p className="small quiet" role="status">
      {who} of the account {account}: {scopes.join(', ')}
    </p>
  );
}

function isRefused(error: { response?: unknown } | undefined): boolean {
  return (error?.response as Response | undefined)?.status === 401;
}
