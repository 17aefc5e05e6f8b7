import './state-mark.css';
import { STATES, type SensorState } from '../sensor-state.js';

export function StateMark({ state }: { state: SensorState }) {
  const { name, mark } = STATES[state];
  return (
    <span className={`state-mark ${state}`}>
      <span aria-hidden="true">{mark}</span> {name}
    </span>
  );
}
