import { useEffect, useState } from 'react';

const NAMES = {
  text: '--text-quiet',
  grid: '--border',
  line: '--accent',
  band: '--band',
  soft: '--accent-soft',
  outage: '--warning-soft',
  hatch: '--warning',
  series1: '--series-1',
  series2: '--series-2',
  series3: '--series-3',
  series4: '--series-4',
  series5: '--series-5',
  series6: '--series-6',
} as const;

export type Colours = Readonly<Record<keyof typeof NAMES, string>>;

/** How many lines or bars can be distinguished in one plot. */
export const MAX_SERIES = 6;

export function seriesColour(colours: Colours, index: number): string {
  return colours[`series${(index % MAX_SERIES) + 1}` as keyof Colours];
}

/** The theme's colours as a canvas takes them; they follow the theme. */
export function useColours(): Colours {
  const [colours, setColours] = useState(read);
  useEffect(() => {
    const change = () => setColours(read());
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', change);
    window.addEventListener('themechange', change);
    return () => {
      system.removeEventListener('change', change);
      window.removeEventListener('themechange', change);
    };
  }, []);
  return colours;
}

/** A custom property is only text; the browser resolves it to a colour. */
function read(): Colours {
  const probe = document.body.appendChild(document.createElement('span'));
  const entries = Object.entries(NAMES).map(([key, property]) => {
    probe.style.color = `var(${property})`;
    return [key, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries) as Colours;
}
