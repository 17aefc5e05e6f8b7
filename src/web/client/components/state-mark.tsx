import { Badge } from './badge.js';
import { STATES, type SensorState } from '../sensor-state.js';

export function StateMark({ state }: { state: SensorState }) {
  const { name, tone, icon } = STATES[state];
  return (
    <Badge tone={tone} icon={icon}>
      {name}
    </Badge>
  );
}
