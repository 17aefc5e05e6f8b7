import { useState } from 'react';
import { BASE_PATH } from '../server-address.js';

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const NAMES: Record<Theme, string> = { auto: 'System', light: 'Light', dark: 'Dark' };
const YEAR_SECONDS = 31_536_000;

/**
 * The choice is stored in a cookie, so that the server writes it into the next page before it is
 * painted.
 */
export function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>(currentTheme);
  const change = (to: Theme) => {
    document.documentElement.dataset.theme = to;
    document.cookie = `flowgate_theme=${to}; path=${BASE_PATH || '/'}; max-age=${YEAR_SECONDS}; samesite=lax`;
    window.dispatchEvent(new Event('themechange'));
    setTheme(to);
  };
  return (
    <select
      className="theme-toggle"
      aria-label="Theme"
      value={theme}
      onChange={(event) => change(event.target.value as Theme)}
    >
      {THEMES.map((name) => (
        <option key={name} value={name}>
          {NAMES[name]}
        </option>
      ))}
    </select>
  );
}

function currentTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return THEMES.find((name) => name === theme) ?? 'auto';
}
