import { isolated } from '../../../isolated.js';
import { EVENT_TYPES } from '../event-types.js';
import type { NamedSensor } from '../../../use-sensor-names.js';
import { STATUSES, type LogState } from './log-url-state.js';

export function LogFilters({
  state: { status, eventType, search, sensorId, from, to },
  sensors = [],
  onChange,
}: {
  state: LogState;
  sensors: readonly NamedSensor[] | undefined;
  onChange: (change: Partial<LogState>) => void;
}) {
  return (
    <div className="row" role="search" aria-label="Deliveries">
      <div className="segmented" role="group" aria-label="Status">
        {[{ status: undefined, name: 'All' }, ...STATUSES].map((each) => (
          <button
            key={each.name}
            type="button"
            aria-pressed={each.status === status}
            onClick={() => onChange({ status: each.status })}
          >
            {each.name}
          </button>
        ))}
      </div>
      <select
        aria-label="Event"
        value={eventType ?? ''}
        onChange={(event) => onChange({ eventType: event.target.value || undefined })}
      >
        <option value="">All events</option>
        {EVENT_TYPES.map(({ type }) => (
          <option key={type}>{type}</option>
        ))}
      </select>
      <select
        className="log-sensor"
        aria-label="Sensor"
        value={sensorId ?? ''}
        onChange={(event) => onChange({ sensorId: event.target.value || undefined })}
      >
        <option value="">All sensors</option>
        {sensors.map(({ id, name }) => (
          <option key={id} value={id}>
            {isolated(name)} ({id})
          </option>
        ))}
      </select>
      <input
        type="search"
        aria-label="Search by number or webhook-id"
        placeholder="Number or webhook-id"
        value={search ?? ''}
        onChange={(event) => onChange({ search: event.target.value || undefined })}
      />
      <label className="row small">
        Queued from
        <input
          type="date"
          value={from ?? ''}
          onChange={(event) => onChange({ from: event.target.value || undefined })}
        />
      </label>
      <label className="row small">
        to
        <input
          type="date"
          value={to ?? ''}
          onChange={(event) => onChange({ to: event.target.value || undefined })}
        />
      </label>
    </div>
  );
}
