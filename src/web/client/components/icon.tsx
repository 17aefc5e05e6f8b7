import './icon.css';

const PATHS = {
  dot: 'M8 3a5 5 0 1 1 0 10A5 5 0 0 1 8 3Z',
  ring: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11Zm0 2a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z',
  warning: 'M8 2 15 14H1Z',
  back: 'M12 2v12L3 8Z',
  dash: 'M3 7h10v2H3Z',
  cross: 'm4 2.5 4 4 4-4L13.5 4l-4 4 4 4-1.5 1.5-4-4-4 4L2.5 12l4-4-4-4Z',
  gap: 'M1 3h4v10H1Zm10 0h4v10h-4ZM7 3h2v2H7Zm0 4h2v2H7Zm0 4h2v2H7Z',
  up: 'M8 5 13 11H3Z',
  down: 'M8 11 3 5h10Z',
  left: 'M10 3v10L4 8Z',
  right: 'M6 3v10l6-5Z',
  plus: 'M7 3h2v4h4v2H9v4H7V9H3V7h4Z',
  minus: 'M3 7h10v2H3Z',
  menu: 'M2 3h12v2H2Zm0 4h12v2H2Zm0 4h12v2H2Z',
  move: 'M8 1l3 3H9v3h3V5l3 3-3 3V9H9v3h2l-3 3-3-3h2V9H4v2L1 8l3-3v2h3V4H5Z',
  fit: 'M2 2h5v2H4v3H2Zm7 0h5v5h-2V4H9ZM2 9h2v3h3v2H2Zm10 0h2v5H9v-2h3Z',
} as const;

export type IconName = keyof typeof PATHS;

/**
 * Icons are drawn, because fonts differ in the symbols they have. The text beside an icon says what
 * it means.
 */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path fillRule="evenodd" d={PATHS[name]} />
    </svg>
  );
}
