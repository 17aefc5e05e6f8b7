import { useSyncExternalStore } from 'react';

/** The theme in use: what the user chose, or what the system prefers. */
export function useTheme(): 'light' | 'dark' {
  return useSyncExternalStore(subscribe, current);
}

function subscribe(onChange: () => void): () => void {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', onChange);
  window.addEventListener('themechange', onChange);
  return () => {
    system.removeEventListener('change', onChange);
    window.removeEventListener('themechange', onChange);
  };
}

function current(): 'light' | 'dark' {
  const { theme } = document.documentElement.dataset;
  if (theme === 'light' || theme === 'dark') return theme;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
