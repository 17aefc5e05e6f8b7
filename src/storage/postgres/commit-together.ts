import type { Statement } from './statement.js';

/** A table of a distributed database, always empty. */
export const COMMIT_TABLE = 'flowgate_commit';

/**
 * To be sent before COMMIT. Where a transaction has changed one worker alone, Citus commits there first, as it knows nothing of
 * what was changed in tables of the coordinator: were the coordinator to fail then, the worker alone would have its part. A
 * change of a table of the coordinator that it does know makes it commit both or none, by a two-phase commit.
 */
export const commitTogether: Statement = {
  name: 'commit_together',
  text: `DELETE FROM ${COMMIT_TABLE}`,
};
