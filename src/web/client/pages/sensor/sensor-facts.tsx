import { Link } from 'wouter';
import type { SensorQuery } from '../../../../generated/graphql/graphql.js';
import { Badge } from '../../components/badge.js';
import { Age, Instant } from '../../components/instant.js';
import { TagList } from '../../components/tag-list.js';
import { StateMark } from '../../components/state-mark.js';
import { coordinates, duration, flowrate, quantity } from '../../format.js';
import { stateOf } from '../../sensor-state.js';
import { useNow } from '../../use-now.js';

type Sensor = NonNullable<SensorQuery['flowSensor']>;

/** The sensor's last reading and, in small print, what hardly ever changes. */
export function SensorFacts({ sensor, timeZone }: { sensor: Sensor; timeZone: string }) {
  const now = useNow(5000);
  const { id, lastPing, latitude, longitude, pipeDiameter, activatedAt, maxGap, meterFactor } =
    sensor;
  const { continuesSensor, continuesFrom, retiredAt, tags } = sensor;
  const isPlaced = typeof latitude === 'number' && typeof longitude === 'number';
  return (
    <section className="sensor-facts" aria-label="The sensor">
      <p className="row">
        {retiredAt ? <Badge tone="quiet">Retired</Badge> : <StateMark state={stateOf(sensor)} />}
        {lastPing ? (
          <>
            <strong className="last-reading">{flowrate(lastPing.flowrate)}</strong>
            <Age at={lastPing.datetime} now={now} />
          </>
        ) : (
          <span>No reading yet</span>
        )}
      </p>
      <ul className="facts small quiet">
        <li>Sensor {id}</li>
        {isPlaced && <li>{coordinates({ latitude, longitude })}</li>}
        {typeof pipeDiameter === 'number' && <li>Pipe {quantity(pipeDiameter)} in</li>}
        <li>Counts as an outage after {duration(maxGap * 1000)} without a reading</li>
        {meterFactor !== 1 && <li>Volumes times the meter factor {meterFactor}</li>}
        {activatedAt && (
          <li>
            Active since <Instant at={activatedAt} timeZone={timeZone} />
          </li>
        )}
        {retiredAt && (
          <li>
            Retired since <Instant at={retiredAt} timeZone={timeZone} />
          </li>
        )}
        {continuesSensor && continuesFrom && (
          <li>
            Replaced{' '}
            <Link href={`/sensors/${continuesSensor.id}`}>
              <bdi>{continuesSensor.name}</bdi>
            </Link>{' '}
            on <Instant at={continuesFrom} timeZone={timeZone} />
          </li>
        )}
      </ul>
      <TagList tags={tags} />
    </section>
  );
}
