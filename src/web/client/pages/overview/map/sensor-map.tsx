import './sensor-map.css';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { OverviewSensorFragment } from '../../../../../generated/graphql/graphql.js';
import { Icon } from '../../../components/icon.js';
import { flowrate } from '../../../format.js';
import { isolated } from '../../../isolated.js';
import { STATES, stateOf } from '../../../sensor-state.js';
import { useSize } from '../../../use-size.js';
import { useOutlines } from './outlines.js';
import { moved, project, transformOf, viewOf, type Place, type View } from './projection.js';

type Placed = OverviewSensorFragment & Place;

/** Where the sensors are. For assistive technology it is a picture: the table says the same. */
export function SensorMap({ sensors }: { sensors: readonly OverviewSensorFragment[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const outlines = useOutlines();
  const placed = useMemo(() => sensors.filter(isPlaced), [sensors]);
  const fitted = useMemo(() => viewOf(placed, size), [placed, size]);
  const [chosen, setChosen] = useState<View>();
  const ids = placed.map(({ id }) => id).join();
  useEffect(() => setChosen(undefined), [ids]);
  const view = chosen ?? fitted;
  const zoom = (factor: number) => setChosen({ ...view, scale: view.scale * factor });
  const unplaced = sensors.length - placed.length;

  return (
    <section className="sensor-map card" aria-label="Map">
      <div
        className="sensor-map-frame"
        ref={frame}
        onPointerMove={(event) => {
          if (event.buttons === 1) setChosen(moved(view, event.movementX, event.movementY));
        }}
      >
        <svg width={size.width} height={size.height} role="img" aria-label={labelOf(placed.length)}>
          <g transform={transformOf(view, size)}>
            {outlines && <path className="sensor-map-outlines" d={outlines} />}
          </g>
          {placed.map((sensor) => (
            <Mark key={sensor.id} sensor={sensor} at={project(sensor, view, size)} />
          ))}
        </svg>
        <div className="sensor-map-tools">
          <button type="button" aria-label="Zoom in" onClick={() => zoom(1.6)}>
            <Icon name="plus" />
          </button>
          <button type="button" aria-label="Zoom out" onClick={() => zoom(1 / 1.6)}>
            <Icon name="minus" />
          </button>
          <button
            type="button"
            aria-label="Fit to the sensors"
            onClick={() => setChosen(undefined)}
          >
            <Icon name="fit" />
          </button>
        </div>
      </div>
      {unplaced > 0 && (
        <p className="small quiet">
          {unplaced === 1 ? '1 sensor has' : `${unplaced} sensors have`} no coordinates.
        </p>
      )}
    </section>
  );
}

function Mark({ sensor, at }: { sensor: Placed; at: { x: number; y: number } }) {
  const [, navigate] = useLocation();
  const state = stateOf(sensor);
  const reading = sensor.lastPing ? `, ${flowrate(sensor.lastPing.flowrate)}` : '';
  return (
    <g
      className={`sensor-map-mark ${state}`}
      transform={`translate(${at.x} ${at.y})`}
      onClick={() => navigate(`/sensors/${sensor.id}`)}
    >
      <title>{`${isolated(sensor.name)}: ${STATES[state].name}${reading}`}</title>
      {state === 'stale' ? <path d="M0-7 7 6H-7Z" /> : <circle r="5" />}
    </g>
  );
}

function isPlaced(sensor: OverviewSensorFragment): sensor is Placed {
  return typeof sensor.latitude === 'number' && typeof sensor.longitude === 'number';
}

function labelOf(count: number): string {
  return count === 1 ? 'A map with 1 sensor' : `A map with ${count} sensors`;
}
