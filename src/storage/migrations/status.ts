import type pg from 'pg';
import { listApplied } from './migrate.js';
import { listMigrationNames } from './schema-engine.js';

export interface MigrationStatus {
  readonly name: string;
  /** `unknown`: a newer version of Flowgate has applied it */
  readonly state: 'applied' | 'pending' | 'unknown';
}

/** The migrations of this version and those of the database, in order; nothing is changed. */
export async function migrationStatus(pool: pg.Pool): Promise<MigrationStatus[]> {
  const known = await listMigrationNames();
  const applied = await listApplied(pool);
  const stateOf = (name: string) => {
    if (!known.includes(name)) return 'unknown';
    return applied.includes(name) ? 'applied' : 'pending';
  };
  return [...new Set([...known, ...applied])]
    .sort()
    .map((name) => ({ name, state: stateOf(name) }));
}
