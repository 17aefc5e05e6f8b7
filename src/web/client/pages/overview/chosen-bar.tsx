import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { MAX_SERIES } from '../../use-colours.js';
import { compareAddress } from '../compare/address.js';
import type { OverviewSensor } from './overview-sensor.js';

/** What can be done with the sensors that are chosen in the table. */
export function ChosenBar({
  chosen,
  shown,
  onChoose,
  children,
}: {
  /** ids, in the order in which they were chosen */
  chosen: ReadonlySet<string>;
  shown: readonly OverviewSensor[];
  onChoose: (ids: readonly string[]) => void;
  children?: ReactNode;
}) {
  if (chosen.size === 0) return null;
  const canCompare = chosen.size <= MAX_SERIES;
  return (
    <div className="row chosen-bar" role="group" aria-label="Selected sensors">
      <strong role="status">{chosen.size} selected</strong>
      {canCompare ? (
        <Link className="button" href={compareAddress([...chosen], undefined, '')}>
          Compare
        </Link>
      ) : (
        <span className="small quiet">At most {MAX_SERIES} are compared at once.</span>
      )}
      {children}
      <button type="button" onClick={() => onChoose(shown.map(({ id }) => id))}>
        Select all shown
      </button>
      <button type="button" onClick={() => onChoose([])}>
        Select none
      </button>
    </div>
  );
}
