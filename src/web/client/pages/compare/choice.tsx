import { useLocation, useSearch } from 'wouter';
import { isolated } from '../../isolated.js';
import { PERIODS_BEFORE, type PeriodBefore } from '../../range/range-before.js';
import { MAX_SERIES } from '../../use-colours.js';
import { useSensorNames } from '../../use-sensor-names.js';
import { compareAddress } from './address.js';

/** Which sensors are compared, and with which period before. */
export function Choice({
  sensorIds,
  before,
}: {
  sensorIds: readonly string[];
  before: PeriodBefore | undefined;
}) {
  const { sensors = [] } = useSensorNames();
  const [, navigate] = useLocation();
  const search = useSearch();
  const show = (ids: readonly string[], period = before) =>
    navigate(compareAddress(ids, period, search));
  const nameOf = (id: string) => sensors.find((each) => each.id === id)?.name ?? `Sensor ${id}`;
  const maximum = before ? MAX_SERIES / 2 : MAX_SERIES;
  return (
    <section className="row" aria-label="What is compared">
      {sensorIds.map((id) => (
        <span key={id} className="row compare-chosen">
          <bdi>{nameOf(id)}</bdi>
          <button
            type="button"
            aria-label={`Leave out ${isolated(nameOf(id))}`}
            onClick={() => show(sensorIds.filter((each) => each !== id))}
          >
            ×
          </button>
        </span>
      ))}
      {sensorIds.length < maximum ? (
        <select
          className="log-sensor"
          aria-label="Add a sensor"
          value=""
          onChange={({ target }) => show([...sensorIds, target.value])}
        >
          <option value="">Add a sensor…</option>
          {sensors
            .filter(({ id }) => !sensorIds.includes(id))
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {isolated(name)} ({id})
              </option>
            ))}
        </select>
      ) : (
        <span className="small quiet">At most {maximum} sensors at once.</span>
      )}
      <select
        aria-label="Also compare with"
        value={before ?? ''}
        onChange={({ target }) =>
          show(
            sensorIds.slice(0, target.value ? MAX_SERIES / 2 : MAX_SERIES),
            (target.value || undefined) as PeriodBefore | undefined,
          )
        }
      >
        <option value="">The same period only</option>
        {PERIODS_BEFORE.map(({ key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </section>
  );
}
