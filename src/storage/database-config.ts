import { z } from 'zod';

/** Which databases are used. */
export interface DatabaseConfig {
  /** without it the embedded PostgreSQL is used */
  readonly databaseUrl: string | undefined;
  /** the same server without a pooler, where that of `databaseUrl` shares its sessions */
  readonly directUrl: string | undefined;
  /** of replicas of that server, which answer reads */
  readonly replicaUrls: readonly string[];
  /** how long a read waits for a replica; one that takes longer is left out */
  readonly replicaMaxLagMs: number;
}

/** The variables that set it, apart from DATABASE_REPLICA_MAX_LAG. */
export const DATABASE_VARIABLES = {
  DATABASE_URL: z.string().optional(),
  DATABASE_DIRECT_URL: z.string().optional(),
  // Not checked here: errors repeat the value, which has passwords.
  DATABASE_REPLICA_URLS: z.string().optional(),
};

type Variables = z.infer<z.ZodObject<typeof DATABASE_VARIABLES>>;

/** Those whose value may be in a file. */
export const DATABASE_SECRETS = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_REPLICA_URLS',
] as const;

/** @returns what is wrong, where it is not set wholly */
export function databaseConfigOf(
  data: Variables & { readonly DATABASE_REPLICA_MAX_LAG: number },
): DatabaseConfig | string {
  const { DATABASE_URL: databaseUrl, DATABASE_DIRECT_URL: directUrl } = data;
  const { DATABASE_REPLICA_URLS: replicas, DATABASE_REPLICA_MAX_LAG: replicaMaxLagMs } = data;
  if (databaseUrl === undefined) {
    if (directUrl !== undefined) return 'DATABASE_DIRECT_URL needs DATABASE_URL';
    if (replicas !== undefined) return 'DATABASE_REPLICA_URLS needs DATABASE_URL';
  }
  const urls = (replicas ?? '').split(',').map((url) => url.trim());
  return { databaseUrl, directUrl, replicaUrls: urls.filter(Boolean), replicaMaxLagMs };
}
