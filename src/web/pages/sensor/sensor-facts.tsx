import type { SensorQuery } from '../../../generated/graphql/graphql.js';
import { Figure } from '../../components/figure.js';
import { Age, Instant } from '../../components/instant.js';
import { duration, flowrate, quantity } from '../../format.js';
import { useNow } from '../../use-now.js';

type Sensor = NonNullable<SensorQuery['flowSensor']>;

export function SensorFacts({ sensor, timeZone }: { sensor: Sensor; timeZone: string }) {
  const now = useNow(5000);
  const { id, lastPing, latitude, longitude, pipeDiameter, activatedAt, maxGap } = sensor;
  const isPlaced = typeof latitude === 'number' && typeof longitude === 'number';
  return (
    <dl className="figures card">
      <Figure name="Last reading" value={lastPing ? flowrate(lastPing.flowrate) : 'None yet'} />
      {lastPing && <Figure name="Age" value={<Age at={lastPing.datetime} now={now} />} />}
      <Figure name="Sensor id" value={id} />
      {isPlaced && <Figure name="Place" value={place(latitude, longitude)} />}
      {typeof pipeDiameter === 'number' && (
        <Figure name="Pipe diameter" value={`${quantity(pipeDiameter)} in`} />
      )}
      <Figure name="Outage after" value={duration(maxGap * 1000)} />
      {activatedAt && (
        <Figure name="Activated" value={<Instant at={activatedAt} timeZone={timeZone} />} />
      )}
    </dl>
  );
}

function place(latitude: number, longitude: number): string {
  const north = `${Math.abs(latitude).toFixed(4)}° ${latitude < 0 ? 'S' : 'N'}`;
  return `${north}, ${Math.abs(longitude).toFixed(4)}° ${longitude < 0 ? 'W' : 'E'}`;
}
