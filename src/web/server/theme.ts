import type { Request } from 'express';
import { cookieOf } from '../../http/cookies.js';

/**
 * Set by the page's script. The server writes it into the page, so that no page flashes in the
 * other theme.
 */
const THEME_COOKIE = 'flowgate_theme';

/** `light`, `dark`, or `auto`: what the system prefers. */
export function themeOf(request: Request): string {
  const theme = cookieOf(request, THEME_COOKIE);
  return theme === 'light' || theme === 'dark' ? theme : 'auto';
}
