import { EVENT_TYPES } from '../event-types.js';
import { STATUSES, type LogState } from './log-url-state.js';

export function LogFilters({
  state: { status, eventType },
  onChange,
}: {
  state: LogState;
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
    </div>
  );
}
