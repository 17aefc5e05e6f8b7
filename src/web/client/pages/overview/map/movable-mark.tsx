import { useState, type PointerEvent } from 'react';
import type { OverviewSensorFragment } from '../../../../../generated/graphql/graphql.js';
import { isolated } from '../../../isolated.js';
import { stateOf } from '../../../sensor-state.js';
import { MarkShape } from './marks.js';
import type { Point } from './projection.js';

/** A sensor that is dragged to another place. */
export function MovableMark({
  sensor,
  x,
  y,
  onMoved,
}: {
  sensor: OverviewSensorFragment;
  x: number;
  y: number;
  /** called with where it was dropped */
  onMoved: (to: Point) => void;
}) {
  const [from, setFrom] = useState<Point>();
  const [by, setBy] = useState<Point>({ x: 0, y: 0 });
  const begin = (event: PointerEvent<SVGGElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setFrom({ x: event.clientX, y: event.clientY });
  };
  const move = (event: PointerEvent) => {
    if (!from) return;
    // The map stays where it is.
    event.stopPropagation();
    setBy({ x: event.clientX - from.x, y: event.clientY - from.y });
  };
  const end = () => {
    setFrom(undefined);
    setBy({ x: 0, y: 0 });
  };
  const drop = () => {
    end();
    if (by.x !== 0 || by.y !== 0) onMoved({ x: x + by.x, y: y + by.y });
  };
  return (
    <g
      className={`sensor-map-mark movable ${stateOf(sensor)}`}
      transform={`translate(${x + by.x} ${y + by.y})`}
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={drop}
      onPointerCancel={end}
    >
      <title>{isolated(sensor.name)}</title>
      <MarkShape state={stateOf(sensor)} />
    </g>
  );
}
