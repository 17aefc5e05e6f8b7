import { useCallback, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import { keepCalendar } from '../../range/kept-calendar.js';
import { clipped, heldBack, type Range } from '../../range/range.js';
import { readView, writeView, type View } from './view.js';

const SETTLE_MS = 250;

/** Steps that follow each other, as of a wheel, make one entry of the browser's history. */
export type Move = 'step' | 'jump';

export interface ViewState {
  readonly view: View;
  /** what the plots show at this moment */
  readonly visible: Range;
  /** what is requested: `visible` once it rests */
  readonly settled: Range;
  /** whether the range ends now, and moves on with time */
  readonly isLive: boolean;
  /** Shows another range at once; the address follows when it rests. */
  readonly move: (range: Range, kind?: Move) => void;
  readonly change: (change: Partial<View>) => void;
  /** Shows what was shown before zooming and moving. */
  readonly reset: () => void;
  /** Lets a range that ends now end now again. */
  readonly advance: () => void;
}

/** The view that the address holds, and the range that is being dragged to. */
export function useView(): ViewState {
  const [parameters, setParameters] = useSearchParams();
  const [now, setNow] = useState(() => Date.now());
  const view = readView(parameters, now);
  const [dragged, setDragged] = useState<Range>();
  const rest = useRef<number>(undefined);
  const home = useRef<Partial<View>>({ preset: view.preset, range: view.range });
  const lastStep = useRef<string>(undefined);
  useEffect(() => () => window.clearTimeout(rest.current), []);

  const range = view.range ?? view.preset?.rangeAt(now, view) ?? { start: now, end: now };
  const settled = clipped(range, now);
  const show = (changed: Partial<View>, replace = false) => {
    window.clearTimeout(rest.current);
    setDragged(undefined);
    setNow(Date.now());
    const next = writeView({ ...view, ...changed });
    setParameters(next, { replace });
    return next.toString();
  };
  const change = (changed: Partial<View>) => {
    if (changed.timeZone ?? changed.dayStart) keepCalendar({ ...view, ...changed });
    if ('range' in changed) home.current = { preset: changed.preset, range: changed.range };
    show(changed);
  };
  const move = (wanted: Range, kind: Move = 'jump') => {
    const next = heldBack(wanted, now);
    const visible = dragged ?? settled;
    if (next.start === visible.start && next.end === visible.end) return;
    setDragged(next);
    window.clearTimeout(rest.current);
    rest.current = window.setTimeout(() => {
      const isOneGesture = kind === 'step' && parameters.toString() === lastStep.current;
      const written = show({ range: next, preset: undefined }, isOneGesture);
      lastStep.current = kind === 'step' ? written : undefined;
    }, SETTLE_MS);
  };
  const advance = useCallback(() => setNow(Date.now()), []);
  return {
    view,
    visible: dragged ?? settled,
    settled,
    isLive: !dragged && settled.end === now,
    move,
    change,
    reset: () => show(home.current),
    advance,
  };
}
