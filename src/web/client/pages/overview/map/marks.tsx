import { useLocation, useRouter } from 'wouter';
import type { KeyboardEvent, MouseEvent } from 'react';
import type { OverviewSensorFragment } from '../../../../../generated/graphql/graphql.js';
import { flowrate } from '../../../format.js';
import { isolated } from '../../../isolated.js';
import { BY_URGENCY, STATES, stateOf, type SensorState } from '../../../sensor-state.js';
import type { Cluster } from './clusters.js';

const MAX_NAMES = 5;

/** A sensor: a link to its page. */
export function SensorMark({
  sensor,
  x,
  y,
}: {
  sensor: OverviewSensorFragment;
  x: number;
  y: number;
}) {
  const [, navigate] = useLocation();
  const { base } = useRouter();
  const state = stateOf(sensor);
  const reading = sensor.lastPing ? `, ${flowrate(sensor.lastPing.flowrate)}` : '';
  const text = `${isolated(sensor.name)}: ${STATES[state].name}${reading}`;
  const path = `/sensors/${sensor.id}`;
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate(path);
  };
  return (
    <g className={`sensor-map-mark ${state}`} transform={`translate(${x} ${y})`}>
      <a href={base + path} aria-label={text} onClick={open}>
        <title>{text}</title>
        <MarkShape state={state} />
      </a>
    </g>
  );
}

export function MarkShape({ state }: { state: SensorState }) {
  return (
    <>
      <circle className="sensor-map-ring" r="11" />
      {state === 'stale' ? <path d="M0-7 7 6H-7Z" /> : <circle r="5" />}
    </>
  );
}

/** Several sensors: a button that shows them apart. */
export function ClusterMark<Sensor extends OverviewSensorFragment>({
  cluster: { x, y, items },
  onOpen,
}: {
  cluster: Cluster<Sensor>;
  onOpen: () => void;
}) {
  const states = items.map(stateOf);
  const urgent = BY_URGENCY.find((state) => states.includes(state))!;
  const text = describe(items, states);
  const openByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onOpen();
  };
  return (
    <g
      className={`sensor-map-cluster ${urgent}`}
      role="button"
      tabIndex={0}
      aria-label={text}
      transform={`translate(${x} ${y})`}
      onClick={onOpen}
      onKeyDown={openByKey}
    >
      <title>{text}</title>
      <circle className="sensor-map-ring" r="16" />
      {urgent === 'stale' ? <path d="M0-15 14 10H-14Z" /> : <circle r="12" />}
      <text dy={urgent === 'stale' ? '0.5em' : '0.35em'}>{items.length}</text>
    </g>
  );
}

function describe(
  sensors: readonly OverviewSensorFragment[],
  states: readonly ReturnType<typeof stateOf>[],
): string {
  const counts = BY_URGENCY.flatMap((state) => {
    const count = states.filter((each) => each === state).length;
    return count > 0 ? [`${count} ${STATES[state].name.toLowerCase()}`] : [];
  });
  const names = sensors.slice(0, MAX_NAMES).map(({ name }) => isolated(name));
  const more = sensors.length > names.length ? `, and ${sensors.length - names.length} more` : '';
  return `Show ${sensors.length} sensors apart (${counts.join(', ')}): ${names.join(', ')}${more}`;
}
