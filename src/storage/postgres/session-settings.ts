import pg from 'pg';
import {
  CLUSTER_STATE,
  IS_ON_CLUSTER,
  rememberCluster,
  type ClusterState,
} from './cluster-sessions.js';

// Numbers and instants are read as text, which an operator may have set a server to shorten or to
// write otherwise.
const FULL_PRECISION = { TimeZone: 'UTC', DateStyle: 'ISO', extra_float_digits: '1' };
// The telemetry statements are written so that one plan is right for every parameter: planning them
// each time would cost more than running them. That plan is made when a connection first runs one,
// on tables that may still be empty, where a sequential scan seems cheap but is not once they fill.
const PLANNED_ONCE = {
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
};

/** What statements need of a session of their own, apart from where the tables are. */
export const NEEDED_BY_STATEMENTS = { ...FULL_PRECISION, ...PLANNED_ONCE };

/** A connection, such as a `pg.Client`. */
export type Session = Pick<pg.Client, 'query'>;

/** PostgreSQL's settings by name. */
export type Settings = Readonly<Record<string, string>>;

/** What every session needs. @param schema where the tables are; undefined: where the role's are */
export function sessionSettings(schema: string | undefined): Settings {
  return {
    ...NEEDED_BY_STATEMENTS,
    ...(schema !== undefined && { search_path: pg.escapeIdentifier(schema) }),
  };
}

// With one connection to each worker a transaction has fewer parts, and a worker prepares what it runs once
// for each session. An operator may have set another number.
const POOL_SIZE = 'citus.max_adaptive_executor_pool_size';
const ONE_CONNECTION = `(
    SELECT set_config(name, '1', false) FROM pg_settings WHERE name = '${POOL_SIZE}' AND source = 'default'
  )`;

/**
 * Puts settings in force on a new connection before it is used. As startup parameters they would
 * take no round trip, but poolers refuse those or, worse, ignore them. Tells on the way whether the database
 * is one of a cluster.
 */
export function applySettings(settings: Settings): (client: pg.ClientBase) => Promise<void> {
  const calls = Object.entries(settings).map(
    ([name, value]) => `set_config('${name}', ${expression(name, value)}, false)`,
  );
  const text = `SELECT ${[...calls, ONE_CONNECTION, CLUSTER_STATE].join(', ')}`;
  return async (client) => {
    const { rows } = await client.query<ClusterState>(text);
    rememberCluster(client, rows[0]!);
  };
}

/**
 * The value as the session that evaluates it needs it. Citus finds the shards by the values of parameters: it
 * refuses most statements that are planned without them.
 */
function expression(name: string, value: string): string {
  const literal = pg.escapeLiteral(value);
  return name === 'plan_cache_mode'
    ? `CASE WHEN ${IS_ON_CLUSTER} THEN 'auto' ELSE ${literal} END`
    : literal;
}

/** Those of the settings that are not in force in a session. */
export async function missingSettings(session: Session, settings: Settings): Promise<Settings> {
  const missing: Record<string, string> = {};
  for (const [name, value] of Object.entries(settings)) {
    // For this statement only: how PostgreSQL itself writes the value is then known.
    const { rows } = await session.query<{ value: string; current: string; wanted: string }>(
      `SELECT value, current_setting($1) AS current, set_config($1, value, true) AS wanted
       FROM (SELECT ${expression(name, value)} AS value OFFSET 0) AS needed`,
      [name],
    );
    const [row] = rows;
    if (row!.current !== row!.wanted) missing[name] = row!.value;
  }
  return missing;
}
