import { useEffect, useState } from 'react';

/** What stands above, between and below the two plots, in pixels. */
const REST = 560;
const MIN_HEIGHT = 150;
const MAX_FLOWRATE = 320;
const MAX_VOLUME = 240;

/** Heights, in pixels, of the plots: both fit under the figures in a window as tall as a laptop's. */
export function usePlotHeights(): { flowrate: number; volume: number } {
  const [height, setHeight] = useState(window.innerHeight);
  useEffect(() => {
    const measure = () => setHeight(window.innerHeight);
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);
  const half = Math.max(Math.round((height - REST) / 2), MIN_HEIGHT);
  return { flowrate: Math.min(half, MAX_FLOWRATE), volume: Math.min(half, MAX_VOLUME) };
}
