import { useEffect, useRef, type RefObject } from 'react';
import type { ViewState } from './use-view.js';
import { panned, zoomed } from '../../range/range.js';

/** One finger moves the plot through time, two zoom it. Swiping up and down scrolls the page. */
export function useTouch(box: RefObject<HTMLElement | null>, state: ViewState): void {
  const latest = useRef(state);
  latest.current = state;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let before: TouchPoints | undefined;
    const begin = ({ touches }: TouchEvent) => {
      before = touchPoints(touches);
    };
    const move = (event: TouchEvent) => {
      const now = touchPoints(event.touches);
      const plot = element.querySelector('.u-over')?.getBoundingClientRect();
      if (!before || !now || !plot || !event.cancelable) return;
      event.preventDefault();
      const { visible, move: moveTo } = latest.current;
      const moved = panned(visible, (before.centre - now.centre) / plot.width);
      const isPinch = before.spread > 0 && now.spread > 0;
      const place = (now.centre - plot.left) / plot.width;
      moveTo(isPinch ? zoomed(moved, before.spread / now.spread, place) : moved, 'step');
      before = now;
    };
    element.addEventListener('touchstart', begin, { passive: true });
    element.addEventListener('touchend', begin, { passive: true });
    element.addEventListener('touchmove', move, { passive: false });
    return () => {
      element.removeEventListener('touchstart', begin);
      element.removeEventListener('touchend', begin);
      element.removeEventListener('touchmove', move);
    };
  }, [box]);
}

/** Pixels from the left, and between two fingers. */
interface TouchPoints {
  readonly centre: number;
  readonly spread: number;
}

function touchPoints([first, second]: TouchList): TouchPoints | undefined {
  if (!first) return undefined;
  if (!second) return { centre: first.clientX, spread: 0 };
  return {
    centre: (first.clientX + second.clientX) / 2,
    spread: Math.abs(first.clientX - second.clientX),
  };
}
