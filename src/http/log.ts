import { pino, type Logger } from 'pino';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type Log = Logger;

// Fields that are redacted in every logged object, at its top level and up to two levels below.
const SECRETS = ['authorization', 'cookie', 'password', 'secret', 'token', 'key', 'databaseUrl'];

/**
 * JSON lines on stderr: stdout is for what the command line prints.
 * @param destination for tests
 */
export function createLog(
  level: (typeof LOG_LEVELS)[number],
  destination: { write(line: string): void } = pino.destination({ dest: 2, sync: true }),
): Log {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, redact: { paths, censor: '[redacted]' } }, destination);
}
