import type pg from 'pg';
import { COMMIT_TABLE } from './commit-together.js';

/** SQL: whether the database is one of a Citus cluster. */
export const IS_ON_CLUSTER = `EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')`;

/** SQL: what a session finds out when it begins. */
export const CLUSTER_STATE = `${IS_ON_CLUSTER} AS is_on_cluster, to_regclass('${COMMIT_TABLE}') IS NOT NULL AS is_distributed`;

export interface ClusterState {
  readonly is_on_cluster: boolean;
  readonly is_distributed: boolean;
}

const states = new WeakMap<pg.ClientBase, ClusterState>();

/** @param state the row of a query for CLUSTER_STATE */
export function rememberCluster(client: pg.ClientBase, state: ClusterState): void {
  states.set(client, state);
}

/** Whether the session's database is one of a Citus cluster, as it was when the session began. */
export function isOnCluster(client: pg.ClientBase): boolean {
  return states.get(client)?.is_on_cluster ?? false;
}

/** Whether its transactions can change several nodes. */
export function isDistributedSession(client: pg.ClientBase): boolean {
  return states.get(client)?.is_distributed ?? false;
}
