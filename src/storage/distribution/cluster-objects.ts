import { COMMIT_TABLE } from '../postgres/commit-together.js';
import { APPEND_FUNCTION, PREPARE_FUNCTION } from './append-function.js';
import type { ClusterObject } from './cluster-object.js';
import { ROWS_FUNCTION } from './rows-function.js';

const HAS_COMMIT_TABLE = `to_regclass('${COMMIT_TABLE}') IS NOT NULL`;

/** The table of `commitTogether`: no backup has an unlogged one. */
const COMMIT: ClusterObject = {
  create: [
    `CREATE UNLOGGED TABLE ${COMMIT_TABLE} (id int)`,
    `SELECT citus_add_local_table_to_metadata('${COMMIT_TABLE}')`,
  ],
  drop: `DROP TABLE IF EXISTS ${COMMIT_TABLE}`,
  isThere: { text: `SELECT ${HAS_COMMIT_TABLE} AS found`, values: [] },
  exists: HAS_COMMIT_TABLE,
};

/** In the order in which they are made. */
export const CLUSTER_OBJECTS = [ROWS_FUNCTION, PREPARE_FUNCTION, APPEND_FUNCTION, COMMIT];
