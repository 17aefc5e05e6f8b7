import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/storage/postgres/database.js';
import { cpuMilliseconds, residentMegabytes, type Server } from '../processes.js';

/** The state of a server at one moment. */
export interface Sample {
  /** milliseconds */
  readonly at: number;
  /** processor time used so far */
  readonly cpuMs: number;
  readonly megabytes: number;
  /** the server's connections to PostgreSQL */
  readonly connections: number;
}

/** Takes a sample every `everyMs` milliseconds until the signal aborts. */
export async function watch(
  server: Server,
  database: Database,
  everyMs: number,
  signal: AbortSignal,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (!signal.aborted) {
    const taken = await sample(server, database);
    if (taken) samples.push(taken);
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
  return samples;
}

async function sample({ pid }: Server, database: Database): Promise<Sample | undefined> {
  const [megabytes, cpuMs] = await Promise.all([residentMegabytes(pid), cpuMilliseconds(pid)]);
  if (megabytes === undefined || cpuMs === undefined) return undefined;
  const at = performance.now();
  // The connection that asks is the benchmark's own.
  const { rows } = await database.pool.query<{ connections: number }>(
    `SELECT count(*)::int AS connections FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  return { at, cpuMs, megabytes, connections: rows[0]!.connections };
}
