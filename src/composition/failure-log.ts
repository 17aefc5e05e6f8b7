import type { IncomingMessage } from 'node:http';
import { UnavailableError } from '../domain/shared/errors.js';
import { failures } from '../domain/shared/measurements.js';
import type { Readiness } from '../http/health.js';
import type { Log } from '../http/log.js';
import { isClientGone, logFailure } from '../http/request-log.js';
import {
  DatabaseUnavailableError,
  ReadRefusedError,
  toUnavailable,
} from '../storage/postgres/pg-errors.js';
import { oneLine } from '../storage/postgres/startup-error.js';

const POLL_INTERVAL_MS = 1000;

/**
 * Logs what fails in requests and in the background. While the database is unavailable everything
 * fails for the same reason: that is logged once, and again when the database is back.
 */
export class FailureLog {
  private polling: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: Log,
    private readonly isReady: Readiness,
    private readonly pollIntervalMs = POLL_INTERVAL_MS,
  ) {}

  /** @param request the one that failed; without it, a background task that is tried again */
  report(error: unknown, request?: IncomingMessage): void {
    if (request && isClientGone(error, request)) {
      this.log.debug({ err: error }, 'a client has gone');
      return;
    }
    if (!isOverload(error)) failures.publish({ inRequest: request !== undefined });
    const cause = databaseErrorOf(error);
    if (cause) this.reportOutage(cause);
    else if (isOverload(error)) this.log.debug({ err: error }, 'a request was refused');
    else if (request) logFailure(this.log, error, request);
    else this.log.warn({ err: error }, 'a background task failed and is tried again');
  }

  close(): void {
    clearTimeout(this.polling);
  }

  private reportOutage({ cause }: DatabaseUnavailableError): void {
    if (this.polling) return;
    const since = performance.now();
    this.log.error(
      `The database is unavailable: ${oneLine(cause)}. Requests get 503, and background tasks are tried again.`,
    );
    const poll = () => {
      this.polling = setTimeout(() => {
        void this.isReady()
          .catch(() => false)
          .then((isBack) => {
            if (!isBack) return poll();
            this.polling = undefined;
            const seconds = Math.round((performance.now() - since) / 1000);
            this.log.warn(`The database is available again after ${seconds} s.`);
          });
      }, this.pollIntervalMs).unref();
    };
    poll();
  }
}

function databaseErrorOf(error: unknown): DatabaseUnavailableError | undefined {
  const mapped = toUnavailable(error instanceof UnavailableError ? error.cause : error);
  return mapped instanceof DatabaseUnavailableError && !(mapped instanceof ReadRefusedError)
    ? mapped
    : undefined;
}

/** The client receives the error and tries again. */
function isOverload(error: unknown): boolean {
  return error instanceof UnavailableError || error instanceof ReadRefusedError;
}
