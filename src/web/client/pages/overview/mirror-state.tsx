import { useQuery } from 'urql';
import { MirrorDocument } from '../../../../generated/graphql/graphql.js';
import { Age } from '../../components/instant.js';
import { useInterval } from '../../use-interval.js';
import { useNow } from '../../use-now.js';

const REFRESH_INTERVAL_MS = 15_000;

/** Where the account's sensors are copied from, if they are, and how up to date they are. */
export function MirrorState() {
  const [{ data }, reload] = useQuery({ query: MirrorDocument });
  useInterval(data?.mirror ? REFRESH_INTERVAL_MS : undefined, () =>
    reload({ requestPolicy: 'network-only' }),
  );
  const now = useNow(REFRESH_INTERVAL_MS);
  if (!data?.mirror) return null;
  const { upstream, syncedAt, error, differences } = data.mirror;
  return (
    <p className={error ? 'notice' : 'small quiet'} role="status">
      Copied from {upstream}
      {syncedAt ? (
        <>
          , up to date <Age at={syncedAt} now={now} />
        </>
      ) : (
        ', not yet complete'
      )}
      .{error && ' It cannot be read now: what is shown may be older.'}
      {differences.length > 0 && ` ${differences.length} volumes differ from those it gives.`}
    </p>
  );
}
