import { ImportErrors } from '../domain/transfer/import/errors.js';
import { InvalidInputError } from '../domain/shared/errors.js';
import { DatabaseUnavailableError } from '../storage/postgres/pg-errors.js';
import { formatImportErrors } from './import-errors.js';
import { oneLine } from '../storage/postgres/startup-error.js';

/** Why a command cannot be carried out, in one line for its user. */
export class CommandError extends Error {}

/** The program that reads stdout has ended. */
export class OutputClosedError extends Error {}

/** The text for an error on stderr: one line, except for a file with several errors. */
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
  if (code === 'EADDRNOTAVAIL')
    return `${address} is not an address of this machine; set HOST to one that is.`;
  if (code === 'ENOTFOUND') return `Cannot resolve host name ${hostname}; set HOST to another.`;
  return undefined;
}
