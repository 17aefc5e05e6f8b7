import { ImportErrors } from '../domain/transfer/import/errors.js';
import { InvalidInputError } from '../domain/shared/errors.js';
import { DatabaseUnavailableError } from '../storage/postgres/pg-errors.js';
import { formatImportErrors } from './import-errors.js';
import { oneLine } from '../storage/postgres/startup-error.js';

/** Why a command cannot be done, in one line for who typed it. */
export class CommandError extends Error {}

/** Nobody reads stdout any more. */
export class OutputClosedError extends Error {}

/** What an error tells on stderr: one line, but for a file with several faults. */
export function formatError(error: unknown): string[] {
  if (error instanceof ImportErrors) return formatImportErrors(error);
  if (error instanceof InvalidInputError) {
    return [error.errors.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ')];
  }
  if (error instanceof DatabaseUnavailableError)
    return [`${error.message} ${oneLine(error.cause)}`];
  return [systemFailure(error as SystemError) ?? oneLine(error)];
}

interface SystemError extends NodeJS.ErrnoException {
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
}

function systemFailure({ code, address, port, hostname }: SystemError): string | undefined {
  if (code === 'EADDRINUSE')
    return `${address}:${port} is in use already; set PORT to another port.`;
  if (code === 'EADDRNOTAVAIL') return `${address} is no address of this machine; set HOST to one.`;
  if (code === 'ENOTFOUND')
    return `${hostname} is a name that no address is known of; set HOST to another.`;
  return undefined;
}
