import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

// https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpserverrequestduration
const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const COMMIT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const ATTEMPT_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];
const LAG_BUCKETS = [1, 5, 15, 60, 300, 900, 3600, 21_600, 86_400];
const LOOP_PRECISION_MS = 50;

export type Instruments = ReturnType<typeof createInstruments>;

/**
 * Every metric of the server. Labels have few values, known in advance: none is an account, a
 * sensor or a path of a request.
 */
export function createInstruments(version: string) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers });
  // Processes of one instance report the same: what one reports is what all of them do.
  const common = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers, aggregator: 'first' });
  const worst = <Label extends string>(
    name: string,
    help: string,
    aggregator: 'min' | 'max',
    ...labelNames: Label[]
  ) => new Gauge({ name, help, labelNames, registers, aggregator });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    ...labelNames: Label[]
  ) => new Histogram({ name, help, buckets, labelNames, registers });

  common('flowgate_build_info', 'The version of Flowgate, as a label; always 1.', 'version').set(
    { version },
    1,
  );
  return {
    registry,
    httpDuration: histogram(
      'http_server_request_duration_seconds',
      'How long requests took until their response was sent. Event streams are not counted.',
      HTTP_BUCKETS,
      'method',
      'route',
      'status_code',
    ),
    pingsRecorded: counter(
      'flowgate_pings_recorded_total',
      'Pings that were recorded by this instance, corrections included, duplicates not.',
      'via',
    ),
    messagesRefused: counter(
      'flowgate_messages_refused_total',
      'Messages of devices, brokers and upstreams, or readings in them, that this instance refused.',
      'via',
    ),
    pingLag: histogram(
      'flowgate_ping_lag_seconds',
      'By how much the newest ping of each request to record pings was behind the clock.',
      LAG_BUCKETS,
    ),
    groupCommitDuration: histogram(
      'flowgate_group_commit_duration_seconds',
      'How long the transactions took in which requests to record pings are committed.',
      COMMIT_BUCKETS,
    ),
    groupCommitRequests: counter(
      'flowgate_group_commit_requests_total',
      'Requests to record pings that were in a group commit.',
    ),
    webhookAttemptDuration: histogram(
      'flowgate_webhook_attempt_duration_seconds',
      'How long attempts to deliver webhooks took.',
      ATTEMPT_BUCKETS,
      'outcome',
    ),
    failures: counter(
      'flowgate_failures_total',
      'Failures of the server, by where they happened: in a request or in the background.',
      'where',
    ),
    databaseUp: common('flowgate_database_up', 'Whether the database answers: 1 or 0.'),
    databaseSize: common('flowgate_database_size_bytes', 'The size of the database on disk.'),
    clockSkew: common(
      'flowgate_database_clock_skew_seconds',
      'By how much the clock of the database is ahead of this instance’s.',
    ),
    migrationsPending: common(
      'flowgate_migrations_pending',
      'Migrations of this version that the database lacks.',
    ),
    connections: gauge(
      'flowgate_database_connections',
      'Connections of this instance to the database.',
      'pool',
      'state',
    ),
    connectionWaiters: gauge(
      'flowgate_database_connection_waiters',
      'Work of this instance that waits for a connection to the database.',
      'pool',
    ),
    replicaUp: worst(
      'flowgate_replica_up',
      'Whether a read replica answers reads of this instance: 1, or 0 where it is away or lags.',
      'min',
      'replica',
    ),
    replicaLag: worst(
      'flowgate_replica_lag_seconds',
      'How long a read replica took to replay what the primary had when it was last probed.',
      'max',
      'replica',
    ),
    replicaReads: counter(
      'flowgate_replica_reads_total',
      'Reads of this instance that were a read replica’s turn, by which server answered them.',
      'replica',
      'answered_by',
    ),
    queueDepth: common(
      'flowgate_webhook_queue_depth',
      'Deliveries that wait at enabled webhook endpoints, at most 100000 of each. All instances report the same.',
    ),
    oldestPending: common(
      'flowgate_webhook_oldest_pending_seconds',
      'For how long the oldest delivery waits at an enabled webhook endpoint, 0 where none does. All instances report the same.',
    ),
    sensors: common(
      'flowgate_sensors',
      'Sensors in service by state: reporting, silent (no ping for longer than maxGap) or never (no ping yet). All instances report the same.',
      'state',
    ),
    subscriptions: gauge('flowgate_subscriptions', 'Open GraphQL subscriptions of this instance.'),
    diskFree: common(
      'flowgate_disk_free_bytes',
      'Free space of the file system with the embedded database.',
    ),
    diskSize: common(
      'flowgate_disk_size_bytes',
      'Size of the file system with the embedded database.',
    ),
    lastBackup: common(
      'flowgate_last_backup_timestamp_seconds',
      'When the newest scheduled backup was begun, in seconds since 1970.',
    ),
  };
}
