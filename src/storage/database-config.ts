import { z } from 'zod';

/** Which databases are used. */
export interface DatabaseConfig {
  /** without it the embedded PostgreSQL is used */
  readonly databaseUrl: string | undefined;
  /** the same server without a pooler, where that of `databaseUrl` shares its sessions */
  readonly directUrl: string | undefined;
}

export const DATABASE_VARIABLES = {
  DATABASE_URL: z.string().optional(),
  DATABASE_DIRECT_URL: z.string().optional(),
};

/** Those whose value may be in a file. */
export const DATABASE_SECRETS = ['DATABASE_URL', 'DATABASE_DIRECT_URL'] as const;

/** @returns what is wrong, where it is not set wholly */
export function databaseConfigOf(
  data: z.infer<z.ZodObject<typeof DATABASE_VARIABLES>>,
): DatabaseConfig | string {
  const { DATABASE_URL: databaseUrl, DATABASE_DIRECT_URL: directUrl } = data;
  if (databaseUrl === undefined && directUrl !== undefined) {
    return 'DATABASE_DIRECT_URL needs DATABASE_URL';
  }
  return { databaseUrl, directUrl };
}
