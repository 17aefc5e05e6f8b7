import { useCallback, useState } from 'react';
import type { Client } from 'urql';
import { GroupBalanceDocument } from '../../../../generated/graphql/graphql.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { unitVariables } from '../../display-units.js';
import { UTC_DAYS } from '../../range/days.js';
import { CALENDAR } from '../../range/presets.js';
import { clipped, iso } from '../../range/range.js';
import { useAsync } from '../../use-async.js';
import { BalanceTable } from './balance-table.js';
import type { ListedGroup } from './listed-group.js';

const PERIODS = CALENDAR.filter(({ key }) => key !== 'today');
const [FIRST] = PERIODS;

/** What flowed into a group and out of it on each of its days. */
export function BalanceSection({
  group: { id, name, calendar, maxImbalancePercent, maxImbalanceVolume },
  revision,
}: {
  group: ListedGroup;
  /** changes with the group */
  revision: number;
}) {
  const [period, setPeriod] = useState(() => PERIODS.find(({ key }) => key === 'month') ?? FIRST!);
  const days = calendar ?? UTC_DAYS;
  const { timeZone, dayStart } = days;
  const load = useCallback(
    async (client: Client) => {
      const now = Date.now();
      const range = clipped(period.rangeAt(now, { timeZone, dayStart }), now);
      const { data, error } = await client.query(
        GroupBalanceDocument,
        {
          ...{ id, start: iso(range.start), end: iso(range.end) },
          volumeUnit: unitVariables.volumeUnit,
        },
        { requestPolicy: 'network-only' },
      );
      if (error) throw error;
      return { key: period.key, revision, balance: data?.sensorGroup?.balance ?? [] };
    },
    [id, period, timeZone, dayStart, revision],
  );
  const { data, error, reload } = useAsync(load);
  const limits = [
    ...(typeof maxImbalancePercent === 'number' ? [`${maxImbalancePercent} % of the inflow`] : []),
    ...(typeof maxImbalanceVolume === 'number' ? [`${maxImbalanceVolume} bbl`] : []),
  ];
  const isCurrent = data?.key === period.key && data.revision === revision;
  return (
    <section className="card stack" aria-label="Balance" aria-busy={!isCurrent && !error}>
      <div className="row spread">
        <h2>
          Balance of <bdi>{name}</bdi>
        </h2>
        <div className="segmented" role="group" aria-label="Days">
          {PERIODS.map((each) => (
            <button
              key={each.key}
              type="button"
              aria-pressed={each.key === period.key}
              onClick={() => setPeriod(each)}
            >
              {each.name}
            </button>
          ))}
        </div>
      </div>
      {error && <Failure what="The balance" error={error} retry={reload} />}
      {!data && !error && <Loading what="the balance" />}
      {data && (
        <div className={isCurrent ? undefined : 'outdated'}>
          <BalanceTable days={data.balance} calendar={days} />
        </div>
      )}
      <p className="small quiet">
        Days of {timeZone} from {dayStart}. An imbalance of a day that is not measured throughout
        may be missing readings. Volumes are rounded so that they add up.
        {limits.length > 0 && ` Out of balance is a day above ${limits.join(' or ')}.`}
      </p>
    </section>
  );
}
