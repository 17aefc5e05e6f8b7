import { DAY_MS, HOUR_MS, MINUTE_MS } from '../shared/durations.js';

/** Milliseconds. */
export const SESSION = {
  /** after signing in, however much it is used */
  absolute: 30 * DAY_MS,
  /** after the last use */
  idle: DAY_MS,
  /** the cookie is replaced when it is this old */
  rotateAfter: HOUR_MS,
  /** how long requests that were sent with the previous cookie are still accepted */
  grace: MINUTE_MS,
} as const;

interface SessionTimes {
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

/** When a session ends unless it is used again. */
export function sessionEnd({ lastUsedAt, expiresAt }: SessionTimes): Date {
  return new Date(Math.min(expiresAt.getTime(), lastUsedAt.getTime() + SESSION.idle));
}

/** When the cookie before the current one ends. */
export function previousCookieEnd(session: SessionTimes & { readonly rotatedAt: Date }): Date {
  const grace = session.rotatedAt.getTime() + SESSION.grace;
  return new Date(Math.min(sessionEnd(session).getTime(), grace));
}
