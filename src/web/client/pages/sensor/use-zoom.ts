import { useEffect, useRef, type KeyboardEvent, type RefObject } from 'react';
import type { ViewState } from './use-view.js';
import { panned, zoomed, type Range } from '../../range/range.js';

const KEYS: Readonly<Record<string, (range: Range) => Range>> = {
  ArrowLeft: (range) => panned(range, -0.15),
  ArrowRight: (range) => panned(range, 0.15),
  PageUp: (range) => panned(range, -1),
  PageDown: (range) => panned(range, 1),
  '+': (range) => zoomed(range, 0.7),
  '=': (range) => zoomed(range, 0.7),
  '-': (range) => zoomed(range, 1 / 0.7),
};

/**
 * Zooming and moving by keys and wheel. The wheel scrolls the page until the plot has the focus;
 * Escape gives it back.
 */
export function useZoom(box: RefObject<HTMLElement | null>, state: ViewState) {
  const latest = useRef(state);
  latest.current = state;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      const { visible, move } = latest.current;
      const isAcross = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      const isMeant = event.ctrlKey || event.metaKey || element.contains(document.activeElement);
      if (!isAcross && !isMeant) return;
      event.preventDefault();
      const plot = element.querySelector('.u-over')?.getBoundingClientRect();
      if (!plot) return;
      if (isAcross) {
        move(panned(visible, (event.deltaX || event.deltaY) / plot.width), 'step');
        return;
      }
      const place = Math.min(Math.max((event.clientX - plot.left) / plot.width, 0), 1);
      move(zoomed(visible, Math.exp(event.deltaY / 400), place), 'step');
    };
    // React's own listeners are passive: they could not keep the page from scrolling.
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [box]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') box.current?.blur();
    const step = KEYS[event.key];
    // "+" needs Shift on many keyboards; Shift and an arrow key point at values instead.
    const isModified = event.ctrlKey || event.metaKey || event.altKey;
    if (!step || isModified || (event.shiftKey && event.key.startsWith('Arrow'))) return;
    event.preventDefault();
    state.move(step(state.visible), 'step');
  };
  return { onKeyDown };
}
