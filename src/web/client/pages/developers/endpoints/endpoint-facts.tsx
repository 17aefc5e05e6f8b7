import type { EndpointPartsFragment } from '../../../../../generated/graphql/graphql.js';
import { quantity } from '../../../format.js';
import { isolated } from '../../../isolated.js';
import type { NamedSensor } from '../../../use-sensor-names.js';

const MAX_NAMED = 3;

export function EndpointFacts({
  endpoint: { sensorIds, eventTypes, lastSequence },
  sensors,
}: {
  endpoint: EndpointPartsFragment;
  sensors: readonly NamedSensor[] | undefined;
}) {
  return (
    <dl className="facts-list">
      <div>
        <dt>Sensors</dt>
        <dd>{sensorIds ? namesOf(sensorIds, sensors) : 'All'}</dd>
      </div>
      <div>
        <dt>Events</dt>
        <dd>
          {eventTypes.map((type) => (
            <code key={type}>{type}</code>
          ))}
        </dd>
      </div>
      <div>
        <dt>Last event number</dt>
        <dd>{lastSequence > 0 ? quantity(lastSequence) : 'none'}</dd>
      </div>
    </dl>
  );
}

function namesOf(ids: readonly string[], sensors: readonly NamedSensor[] | undefined): string {
  const names = new Map(sensors?.map(({ id, name }) => [id, name]));
  const shown = ids.slice(0, MAX_NAMED).map((id) => isolated(names.get(id) ?? `Sensor ${id}`));
  const others = ids.length - shown.length;
  return shown.join(', ') + (others > 0 ? ` and ${quantity(others)} more` : '');
}
