import './sensor-map.css';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { OverviewSensorFragment } from '../../../../../generated/graphql/graphql.js';
import { Icon } from '../../../components/icon.js';
import { useSize } from '../../../use-size.js';
import { areAtOnePlace, clustersOf, ringOf, type Cluster } from './clusters.js';
import { ClusterMark, SensorMark } from './marks.js';
import { useOutlines } from './outlines.js';
import { MovableMark } from './movable-mark.js';
import { MoveDialog, type Move } from './move-dialog.js';
import {
  moved,
  project,
  transformOf,
  unproject,
  viewOf,
  type Place,
  type Point,
  type View,
} from './projection.js';

type Placed = OverviewSensorFragment & Place;

/**
 * Where the sensors are, in the order of the table: links, and buttons for those that would overlap.
 */
export function SensorMap({
  sensors,
  isAdmin,
  onMoved,
}: {
  sensors: readonly OverviewSensorFragment[];
  isAdmin: boolean;
  onMoved: () => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const outlines = useOutlines();
  const placed = useMemo(() => sensors.filter(isPlaced), [sensors]);
  const fitted = useMemo(() => viewOf(placed, size), [placed, size]);
  const [chosen, setChosen] = useState<View>();
  /** the first sensor of a place that many share: they are shown on a ring */
  const [parted, setParted] = useState<string>();
  const [isMoving, setMoving] = useState(false);
  const [move, setMove] = useState<Move>();
  const ids = placed.map(({ id }) => id).join();
  useEffect(() => {
    setChosen(undefined);
    setParted(undefined);
  }, [ids]);
  const view = chosen ?? fitted;
  const zoom = (factor: number) => setChosen({ ...view, scale: view.scale * factor });
  const unplaced = sensors.length - placed.length;
  const clusters = useMemo(
    () =>
      clustersOf(placed, (sensor) =>
        project(sensor.id === move?.sensor.id ? move.to : sensor, view, size),
      ),
    [placed, move, view, size],
  );
  const marks = clusters.flatMap((cluster) =>
    cluster.items[0]?.id === parted ? ringOf(cluster) : [cluster],
  );
  const open = ({ items }: Cluster<Placed>) => {
    // The button that had the focus is gone.
    frame.current?.focus();
    if (areAtOnePlace(items)) setParted(items[0]?.id);
    else setChosen(viewOf(items, size, 0));
  };

  return (
    <section className="sensor-map card" aria-label="Map">
      <div
        className="sensor-map-frame"
        ref={frame}
        tabIndex={-1}
        onPointerMove={(event) => {
          if (event.buttons === 1) setChosen(moved(view, event.movementX, event.movementY));
        }}
      >
        <svg
          width={size.width}
          height={size.height}
          role="group"
          aria-label={labelOf(placed.length)}
        >
          <g transform={transformOf(view, size)}>
            {outlines && <path className="sensor-map-outlines" d={outlines} />}
          </g>
          {marks.map((cluster) => {
            const { x, y, items } = cluster;
            const sensor = items[0]!;
            if (items.length > 1)
              return <ClusterMark key={sensor.id} cluster={cluster} onOpen={() => open(cluster)} />;
            if (!isMoving) return <SensorMark key={sensor.id} sensor={sensor} x={x} y={y} />;
            const drop = (at: Point) => setMove({ sensor, to: rounded(unproject(at, view, size)) });
            return <MovableMark key={sensor.id} sensor={sensor} x={x} y={y} onMoved={drop} />;
          })}
        </svg>
        <div className="sensor-map-tools">
          {isAdmin && placed.length > 0 && (
            <button
              type="button"
              aria-label="Move sensors"
              aria-pressed={isMoving}
              onClick={() => setMoving(!isMoving)}
            >
              <Icon name="move" />
            </button>
          )}
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
      {isMoving && (
        <p className="small quiet" role="status">
          Drag a sensor to its place. The form of its page takes coordinates.
        </p>
      )}
      {move && (
        <MoveDialog
          move={move}
          onMoved={() => {
            setMove(undefined);
            onMoved();
          }}
          onClose={() => setMove(undefined)}
        />
      )}
      {unplaced > 0 && (
        <p className="small quiet">
          {unplaced === 1 ? '1 sensor has' : `${unplaced} sensors have`} no coordinates.
        </p>
      )}
    </section>
  );
}

function isPlaced(sensor: OverviewSensorFragment): sensor is Placed {
  return typeof sensor.latitude === 'number' && typeof sensor.longitude === 'number';
}

/** To about ten centimetres. */
function rounded({ latitude, longitude }: Place): Place {
  const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
  return { latitude: round(latitude), longitude: round(longitude) };
}

function labelOf(count: number): string {
  return count === 1 ? 'A map with 1 sensor' : `A map with ${count} sensors`;
}
