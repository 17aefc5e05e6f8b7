import { useEffect, type RefObject } from 'react';

/**
 * Closes a menu on the Escape key, on a click outside of it, and when the focus leaves it.
 * @param opener what has the focus after the Escape key, within the menu
 */
export function useDismissal(
  menu: RefObject<HTMLElement | null>,
  opener: string,
  isOpen: () => boolean,
  close: () => void,
): void {
  useEffect(() => {
    const closeOutside = ({ target }: Event) => {
      if (isOpen() && !menu.current?.contains(target as Node)) close();
    };
    const closeOnEscape = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape' || !isOpen()) return;
      close();
      menu.current?.querySelector<HTMLElement>(opener)?.focus();
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    document.addEventListener('keydown', closeOnEscape);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
      document.removeEventListener('keydown', closeOnEscape);
    };
  });
}
