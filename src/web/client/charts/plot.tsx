import 'uplot/dist/uPlot.min.css';
import './plot.css';
import { useEffect, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useSize } from '../use-size.js';

/** A place to point at, as a share of the plot's width; each object points there once. */
export interface PlotCursor {
  readonly share: number;
}

export interface PlotProps {
  /** all but the size; another object makes a new plot */
  readonly options: Omit<uPlot.Options, 'width' | 'height'>;
  readonly data: uPlot.AlignedData;
  /** the x axis, milliseconds since 1970 */
  readonly range: { readonly start: number; readonly end: number };
  readonly height: number;
  readonly cursor?: PlotCursor | undefined;
}

/** A uPlot that fills its box. */
export function Plot({ options, data, range, height, cursor }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const { width } = useSize(box);
  const isMeasured = width > 0;
  const { start, end } = range;

  useEffect(() => {
    if (!box.current || !isMeasured) return;
    const { clientWidth } = box.current;
    const made = new uPlot({ ...options, width: clientWidth, height }, undefined, box.current);
    plot.current = made;
    return () => {
      plot.current = undefined;
      made.destroy();
    };
  }, [options, height, isMeasured]);

  useEffect(() => {
    if (isMeasured) plot.current?.setSize({ width, height });
  }, [width, height, isMeasured]);

  useEffect(() => {
    const current = plot.current;
    if (!current) return;
    current.batch(() => {
      current.setData(data, false);
      current.setScale('x', { min: start / 1000, max: end / 1000 });
    });
  }, [data, start, end, options, height, isMeasured]);

  // At once: the next key may come before effects run, and starts from where this one points.
  useLayoutEffect(() => {
    const current = plot.current;
    if (!current || !cursor) return;
    const { clientWidth, clientHeight } = current.over;
    current.setCursor({ left: cursor.share * clientWidth, top: clientHeight / 2 }, true);
  }, [cursor]);

  return <div className="plot" ref={box} style={{ height }} />;
}
