import { useState } from 'react';
import { useQuery } from 'urql';
import { UsersDocument } from '../../../../generated/graphql/graphql.js';
import { isolated } from '../../isolated.js';
import { ZoneSelect } from '../../range/zone-select.js';
import { useSensorNames } from '../../use-sensor-names.js';
import type { LogView } from './log-view.js';
import { SUBJECTS } from './subjects.js';

/** What is listed: about what, of which sensor, by whom and when. */
export function LogFilters({
  view: { subject, sensorId, person, from, to, timeZone },
  isAdmin,
  onChange,
}: {
  view: LogView;
  isAdmin: boolean;
  onChange: (change: Partial<LogView>, replace?: boolean) => void;
}) {
  const { sensors = [] } = useSensorNames();
  const [{ data }] = useQuery({ query: UsersDocument, pause: !isAdmin });
  const subjects = SUBJECTS.filter(({ isForAdmins }) => isAdmin || !isForAdmins);
  const isKnown = sensors.some(({ id }) => id === sensorId);
  return (
    <div className="row" role="search" aria-label="The log">
      <select
        aria-label="About"
        value={subject?.key ?? ''}
        onChange={({ target }) =>
          onChange({ subject: subjects.find(({ key }) => key === target.value) })
        }
      >
        <option value="">Everything</option>
        {subjects.map(({ key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      <select
        className="log-sensor"
        aria-label="Sensor"
        value={sensorId ?? ''}
        onChange={({ target }) => onChange({ sensorId: target.value || undefined })}
      >
        <option value="">All sensors</option>
        {sensorId && !isKnown && <option value={sensorId}>Sensor {sensorId}</option>}
        {sensors.map(({ id, name }) => (
          <option key={id} value={id}>
            {isolated(name)} ({id})
          </option>
        ))}
      </select>
      <PersonInput
        value={person}
        names={data?.users.map(({ username }) => username) ?? []}
        onChange={(name) => onChange({ person: name })}
      />
      <label className="row small">
        From
        <input
          type="date"
          value={from ?? ''}
          onChange={({ target }) => onChange({ from: target.value || undefined })}
        />
      </label>
      <label className="row small">
        to
        <input
          type="date"
          value={to ?? ''}
          onChange={({ target }) => onChange({ to: target.value || undefined })}
        />
      </label>
      <ZoneSelect value={timeZone} onChange={(zone) => onChange({ timeZone: zone })} />
    </div>
  );
}

/** The name is matched as a whole, so it counts once it is entered. */
function PersonInput({
  value,
  names,
  onChange,
}: {
  value: string | undefined;
  names: readonly string[];
  onChange: (name: string | undefined) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const enter = () => {
    if (typed !== undefined) onChange(typed.trim() || undefined);
    setTyped(undefined);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        enter();
      }}
    >
      <input
        type="search"
        aria-label="Username, token or operator"
        placeholder="By: user or token"
        list="log-people"
        value={typed ?? value ?? ''}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={enter}
      />
      <datalist id="log-people">
        {[...names, 'operator'].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </form>
  );
}
