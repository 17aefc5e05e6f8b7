import './state-mark.css';
import { Icon } from './icon.js';
import { STATES, type SensorState } from '../sensor-state.js';

export function StateMark({ state }: { state: SensorState }) {
  const { name, icon } = STATES[state];
  return (
    <span className={`state-mark ${state}`}>
      <Icon name={icon} /> {name}
    </span>
  );
}
