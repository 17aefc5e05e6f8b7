/**
 * Why the database cannot be used, in one line for the operator: printed as it is, exit status 1.
 */
export class StartupError extends Error {}

/** Another server uses the data directory. */
export class ServerAlreadyRunningError extends StartupError {}

/** The message of `error`, on one line. */
export function oneLine(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return (message || code || String(error)).replace(/\s+/g, ' ').trim();
}
