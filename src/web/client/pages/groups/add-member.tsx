import { useState } from 'react';
import { FormField } from '../../components/form-field.js';
import { isolated } from '../../isolated.js';
import type { NamedSensor } from '../../use-sensor-names.js';
import type { Member } from './member-list.js';

const MAX_FOUND = 8;

/** Finds sensors that are not in the group yet, by name or id. */
export function AddMember({
  sensors,
  members,
  onAdd,
}: {
  sensors: readonly NamedSensor[];
  members: readonly Member[];
  onAdd: (sensor: NamedSensor) => void;
}) {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLocaleLowerCase();
  const inGroup = new Set(members.map(({ sensorId }) => sensorId));
  const found = wanted
    ? sensors.filter(
        ({ id, name }) =>
          !inGroup.has(id) && (id === wanted || name.toLocaleLowerCase().includes(wanted)),
      )
    : [];
  return (
    <>
      <FormField
        label="Add a sensor"
        hint={
          found.length > MAX_FOUND
            ? `${found.length} sensors match, of which ${MAX_FOUND} are shown.`
            : wanted && found.length === 0
              ? 'No other sensor matches.'
              : 'To add many at once, select them in the overview and choose “Group…”.'
        }
      >
        {(input) => (
          <input
            {...input}
            type="search"
            placeholder="Search by name or id"
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        )}
      </FormField>
      {found.length > 0 && (
        <div className="row" role="group" aria-label="Sensors found">
          {found.slice(0, MAX_FOUND).map((sensor) => (
            <button key={sensor.id} type="button" className="wraps" onClick={() => onAdd(sensor)}>
              Add {isolated(sensor.name)} <span className="quiet small">#{sensor.id}</span>
            </button>
          ))}
        </div>
      )}
    </>
  );
}
