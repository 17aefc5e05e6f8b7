import { useCallback, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import { readView, writeView, type Range, type View } from './view.js';

const SETTLE_MS = 250;

export interface ViewState {
  readonly view: View;
  /** what the plots show at this moment */
  readonly visible: Range;
  /** what is asked for: `visible` once it rests */
  readonly settled: Range;
  /** Shows another range at once; the address follows when it rests. */
  readonly move: (range: Range) => void;
  readonly change: (change: Partial<View>) => void;
  /** Lets a view that ends now end now again. */
  readonly advance: () => void;
}

/** The view that the address says, and the range that is being dragged to. */
export function useView(): ViewState {
  const [parameters, setParameters] = useSearchParams();
  const view = readView(parameters);
  const [now, setNow] = useState(() => Date.now());
  const [dragged, setDragged] = useState<Range>();
  const rest = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(rest.current), []);

  const settled = view.range ?? { start: now - (view.preset?.length ?? 0), end: now };
  const change = (changed: Partial<View>) => {
    window.clearTimeout(rest.current);
    setDragged(undefined);
    setNow(Date.now());
    setParameters(writeView({ ...view, ...changed }));
  };
  const move = (range: Range) => {
    setDragged(range);
    window.clearTimeout(rest.current);
    rest.current = window.setTimeout(() => change({ range, preset: undefined }), SETTLE_MS);
  };
  const advance = useCallback(() => setNow(Date.now()), []);
  return { view, visible: dragged ?? settled, settled, move, change, advance };
}
