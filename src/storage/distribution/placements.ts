/**
 * The tables that a cluster distributes, each with the column by whose value its rows are placed: the
 * sensors, and beside each sensor what belongs to it, so that whatever is asked of one sensor is
 * answered by one node. In the order in which they are distributed.
 */
export const DISTRIBUTED = {
  flow_sensor: 'id',
  ping: 'sensor_id',
  ping_summary: 'sensor_id',
  ping_revision: 'sensor_id',
  ping_substitution: 'sensor_id',
  substituted_ping: 'sensor_id',
  ping_flag: 'sensor_id',
  ping_totalizer: 'sensor_id',
  sensor_configuration_change: 'sensor_id',
  ping_import_sensor: 'sensor_id',
} as const;

export type DistributedTable = keyof typeof DISTRIBUTED;

export const DISTRIBUTED_TABLES = Object.keys(DISTRIBUTED) as DistributedTable[];

/** The table that the others are placed beside. */
export const FIRST_TABLE: DistributedTable = 'flow_sensor';

/**
 * The tables that stay on the coordinator as they are. None is a reference table, not even `account`: no
 * statement joins these with distributed tables on the workers, a table that refers to a reference
 * table would be planned by Citus too, and each write of one would have to reach every node.
 */
export const LOCAL_TABLES = [
  // accounts, and who may use them
  'account',
  'app_user',
  'invitation',
  'recovery_code',
  'known_network',
  'session',
  'api_token',
  'audit_event',
  'request_quota',
  'login_failure',
  // settings of an account
  'reason_code',
  'volume_calendar',
  'device_field',
  'device_message',
  'import_profile',
  'synced_sensor',
  'broker_state',
  // groups of sensors, and what was closed and stated of them
  'sensor_group',
  'sensor_group_member',
  'closed_period',
  'closed_period_sensor',
  'prior_period_adjustment',
  'signing_key',
  'measurement_statement',
  'measurement_statement_part',
  // webhooks and imports: queues and logs, a row for each event or file
  'webhook_endpoint',
  'webhook_endpoint_state',
  'webhook_delivery',
  'imbalance_notice',
  'webhook_worker',
  'volume_revision_mark',
  'ping_import',
  // a row for the whole installation
  'ping_recording_start',
] as const;

/** A foreign key of a distributed table. */
export interface ForeignKey {
  readonly table: DistributedTable;
  readonly column: string;
  readonly references: string;
}

/** The sensors, and what has no foreign key to them: it would look up and lock the sensor of each row, whose pings are locked. */
const WITHOUT_KEY: readonly DistributedTable[] = ['flow_sensor', 'ping', 'ping_summary'];

/**
 * The foreign keys of distributed tables, as the migrations make them. A cluster keeps those between
 * distributed tables, though without ON UPDATE CASCADE, as no id is ever changed; it can have none
 * that leads to a local table.
 */
export const FOREIGN_KEYS: readonly ForeignKey[] = [
  { table: 'flow_sensor', column: 'account_id', references: 'account' },
  ...DISTRIBUTED_TABLES.filter((table) => !WITHOUT_KEY.includes(table)).map((table) => ({
    table,
    column: 'sensor_id',
    references: 'flow_sensor',
  })),
];

/** Whether a cluster can have it. */
export function isBetweenDistributed({ references }: ForeignKey): boolean {
  return references in DISTRIBUTED;
}
