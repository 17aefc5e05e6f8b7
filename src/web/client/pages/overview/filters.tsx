import { filterCounts, type Selection } from './selection.js';
import { GroupSelect } from '../../components/group-select.js';
import { TagSelect } from '../../components/tag-select.js';
import type { NamedGroup } from '../../use-groups.js';
import type { OverviewSensor } from './overview-sensor.js';

export function Filters({
  all,
  sensors,
  groups,
  selection,
  onChange,
}: {
  all: readonly OverviewSensor[];
  /** those that the group and the tag leave */
  sensors: readonly OverviewSensor[];
  groups: readonly NamedGroup[] | undefined;
  selection: Selection;
  onChange: (change: Partial<Selection>) => void;
}) {
  return (
    <div className="row" role="search">
      <input
        type="search"
        aria-label="Search sensors by name or id"
        placeholder="Search by name or id"
        value={selection.search}
        onChange={(event) => onChange({ search: event.target.value })}
      />
      <GroupSelect
        groups={groups}
        value={selection.group}
        onChange={(group) => onChange({ group })}
      />
      <TagSelect sensors={all} value={selection.tag} onChange={(tag) => onChange({ tag })} />
      <div className="segmented" role="group" aria-label="Show">
        {filterCounts(sensors)
          .filter(({ filter, count }) => count > 0 || filter === selection.filter)
          .map(({ filter, name, count }) => (
            <button
              key={filter}
              type="button"
              aria-pressed={filter === selection.filter}
              onClick={() => onChange({ filter })}
            >
              {name} <span className="quiet">{count}</span>
            </button>
          ))}
      </div>
    </div>
  );
}
