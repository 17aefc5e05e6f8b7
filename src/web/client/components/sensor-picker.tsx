import './sensor-picker.css';
import { useId, useState } from 'react';
import { quantity } from '../format.js';
import type { NamedSensor } from '../use-sensor-names.js';
import { FieldGroup } from './form-field.js';

const MAX_SHOWN = 200;

/** All sensors, or some of them: `chosen` is null for all. */
export function SensorPicker({
  sensors = [],
  chosen,
  onChange,
  all,
  error,
}: {
  sensors: readonly NamedSensor[] | undefined;
  chosen: readonly string[] | null;
  onChange: (chosen: readonly string[] | null) => void;
  /** what it means that all are chosen */
  all: string;
  error: string | undefined;
}) {
  const name = useId();
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = sensors.filter(
    (sensor) => sensor.id === wanted || sensor.name.toLowerCase().includes(wanted),
  );
  const toggle = (id: string, isChosen: boolean) =>
    onChange(isChosen ? [...(chosen ?? []), id] : (chosen ?? []).filter((each) => each !== id));
  return (
    <FieldGroup label="Sensors" error={error}>
      <label className="choice">
        <input type="radio" name={name} checked={!chosen} onChange={() => onChange(null)} />
        {all}
      </label>
      <label className="choice">
        <input
          type="radio"
          name={name}
          checked={chosen !== null}
          onChange={() => onChange(chosen ?? [])}
        />
        Only these{chosen && ` (${quantity(chosen.length)} chosen)`}
      </label>
      {chosen && (
        <div className="sensor-picker">
          <input
            type="search"
            aria-label="Search sensors by name or id"
            placeholder="Search by name or id"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <div
            className="sensor-choices"
            role="group"
            aria-label="Sensors to choose from"
            tabIndex={0}
          >
            {found.slice(0, MAX_SHOWN).map((sensor) => (
              <label key={sensor.id} className="choice">
                <input
                  type="checkbox"
                  checked={chosen.includes(sensor.id)}
                  onChange={(event) => toggle(sensor.id, event.target.checked)}
                />
                <span>
                  <bdi>{sensor.name}</bdi> <span className="quiet small">{sensor.id}</span>
                </span>
              </label>
            ))}
            {found.length === 0 && <p className="quiet">No sensor matches.</p>}
            {found.length > MAX_SHOWN && (
              <p className="quiet small">
                Showing {MAX_SHOWN} of {quantity(found.length)}. Search to find the others.
              </p>
            )}
          </div>
        </div>
      )}
    </FieldGroup>
  );
}
