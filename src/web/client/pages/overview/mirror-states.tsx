import { useQuery } from 'urql';
import { MirrorsDocument, type MirrorsQuery } from '../../../../generated/graphql/graphql.js';
import { Age } from '../../components/instant.js';
import { useInterval } from '../../use-interval.js';
import { useNow } from '../../use-now.js';

const REFRESH_INTERVAL_MS = 15_000;

/** Where the account's sensors are copied from, if they are, and how up to date they are. */
export function MirrorStates() {
  const [{ data }, reload] = useQuery({ query: MirrorsDocument });
  const mirrors = data?.mirrors ?? [];
  useInterval(mirrors.length > 0 ? REFRESH_INTERVAL_MS : undefined, reload);
  const now = useNow(REFRESH_INTERVAL_MS);
  return mirrors.map((mirror) => <MirrorState key={mirror.name} mirror={mirror} now={now} />);
}

function MirrorState({ mirror, now }: { mirror: MirrorsQuery['mirrors'][number]; now: Date }) {
  const { upstream, syncedAt, error, differences } = mirror;
  const count = differences.length;
  return (
    <div className={error ? 'notice' : 'small quiet'}>
      <p>
        Copied from {upstream}
        {syncedAt ? (
          <>
            , last updated <Age at={syncedAt} now={now} />
          </>
        ) : (
          ', not yet complete'
        )}
        .
        {count > 0 &&
          ` ${count} ${count === 1 ? 'volume differs' : 'volumes differ'} from those of ${upstream}.`}
      </p>
      <p role="status">
        {error && `${upstream} cannot be reached: what is shown may be out of date.`}
      </p>
    </div>
  );
}
