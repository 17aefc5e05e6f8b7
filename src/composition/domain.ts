import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { RequestLimiter } from '../domain/auth/request-limiter.js';
import { Substitutions } from '../domain/pings/substitutions.js';
import { ReadingFlags } from '../domain/pings/reading-flags.js';
import { Pings, type PingObserver } from '../domain/pings/pings.js';
import { ReasonCodes } from '../domain/pings/reason-codes.js';
import { SensorHistories } from '../domain/pings/sensor-history.js';
import { PingRevisions } from '../domain/pings/revisions.js';
import { SensorConfigurations } from '../domain/sensors/configurations.js';
import { SensorList } from '../domain/sensors/sensor-list.js';
import { ExclusiveSensorQueue } from '../domain/sensors/exclusive-sensor-queue.js';
import { Sensors } from '../domain/sensors/sensors.js';
import { PingRetention } from '../domain/retention/ping-retention.js';
import { systemClock, type Clock } from '../domain/shared/clock.js';
import { RecordHistory } from '../domain/shared/record-history.js';
import { DeviceMessages } from '../domain/transfer/devices/device-messages.js';
import { FieldReadings } from '../domain/transfer/devices/field-readings.js';
import { Devices } from '../domain/transfer/devices/devices.js';
import { SystemOverview } from '../domain/system/system-overview.js';
import { SystemStatusReader } from '../domain/system/system-status.js';
import { Exports } from '../domain/transfer/export.js';
import { ImportProfiles } from '../domain/transfer/import/profiles.js';
import { ImportLog } from '../domain/transfer/import/import-log.js';
import { Imports } from '../domain/transfer/import/imports.js';
import { Sync } from '../domain/transfer/sync.js';
import { SigningKey } from '../domain/statements/signing-key.js';
import { Statements } from '../domain/statements/statements.js';
import { Calendars } from '../domain/volumes/calendars.js';
import { Rollups } from '../domain/volumes/rollups.js';
import { TotalizerVolumes } from '../domain/volumes/totalizer-volumes.js';
import { Volumes } from '../domain/volumes/volumes.js';
import { Realtime } from '../realtime/realtime.js';
import { FlagStore } from '../storage/pings/flag-store.js';
import { PingStore } from '../storage/pings/ping-store.js';
import { PingWriter } from '../storage/pings/ping-writer.js';
import { PingRangeStore } from '../storage/pings/pings-by-id-range.js';
import { RecordHistoryStore } from '../storage/pings/record-history-store.js';
import { PingRevisionStore } from '../storage/pings/revision-store.js';
import { ReasonCodeStore } from '../storage/pings/reason-code-store.js';
import type { Database } from '../storage/postgres/database.js';
import { Notifications } from '../storage/postgres/notifications.js';
import { ContinuationStore } from '../storage/sensors/continuation-store.js';
import { ConfigurationStore } from '../storage/sensors/configuration-store.js';
import { SensorListStore } from '../storage/sensors/sensor-list-store.js';
import { SensorStore } from '../storage/sensors/sensor-store.js';
import { RetentionStore } from '../storage/retention/retention-store.js';
import { SigningKeyStore } from '../storage/statements/signing-key-store.js';
import { StatementStore } from '../storage/statements/statement-store.js';
import { SummaryStore } from '../storage/summaries/summary-store.js';
import { DeviceStore } from '../storage/transfer/device-store.js';
import { SystemStore } from '../storage/system/system-store.js';
import { ExportStore } from '../storage/transfer/export-store.js';
import { ImportProfileStore } from '../storage/transfer/import-profile-store.js';
import { ImportLogStore } from '../storage/transfer/import-log-store.js';
import { ImportStore } from '../storage/transfer/import-store.js';
import { ImportUndoStore } from '../storage/transfer/import-undo-store.js';
import { SubstitutionStore } from '../storage/pings/substitution-store.js';
import { StagedPings } from '../storage/transfer/staged-pings.js';
import { SyncedSensorStore } from '../storage/transfer/synced-sensor-store.js';
import { CalendarStore } from '../storage/volumes/calendar-store.js';
import { TotalizerStore } from '../storage/volumes/totalizer-store.js';
import { VolumeStore } from '../storage/volumes/volume-store.js';
import { BacklogStore } from '../storage/webhooks/backlog-store.js';
import { createAccess, type AccessOptions } from './access.js';
import { sharedLimits } from './shared-limits.js';
import { createPeriods } from './periods.js';
import { createWebhooks } from './webhooks.js';

export interface DomainOptions {
  /** requests a minute for each credential; 0 = no limit */
  readonly rateLimit: number;
  /** costs of GraphQL operations a minute for each credential; 0 = no limit */
  readonly costLimit: number;
  readonly webhookAllowPrivateNetwork: boolean;
  readonly webhookAllowHttp: boolean;
  /** how long deliveries are kept */
  readonly webhookLogDays: number;
  /** how many deliveries of an account may wait */
  readonly webhookMaxWaiting: number;
  /** of Flowgate */
  readonly version?: string | undefined;
  /** the data directory of the embedded PostgreSQL, where there is one */
  readonly directory?: string | undefined;
  /** the operating-system user that runs a command, whose changes are logged as theirs */
  readonly osUser?: string;
  /** called with each failure in the background, where the work is tried again */
  readonly onError: (error: unknown) => void;

  // What a domain takes from the world around it, for tests to replace.
  readonly clock?: Clock;
  readonly random?: () => number;
  /** resolves the host names of webhooks */
  readonly lookup?: LookupFunction;
  /** how long an attempt to deliver a webhook may take */
  readonly attemptTimeoutMs?: number;
  /** how often the queue of deliveries is polled */
  readonly pollIntervalMs?: number;
  /** how often it is looked for revised volumes of which webhooks notify */
  readonly revisionIntervalMs?: number;
  /** how often it is looked for imbalances of groups of which webhooks notify */
  readonly imbalanceIntervalMs?: number;
  /** how often old deliveries are pruned */
  readonly pruneIntervalMs?: number;
  readonly authentication?: AccessOptions['authentication'];
}

/** The domain over one database. */
export type Domain = ReturnType<typeof createDomain>;

/**
 * Builds the domain over one database: the same for servers, commands and tests. Nothing runs in
 * the background until `realtime`, `webhookWorker` and `webhookHousekeeping` are started.
 */
export function createDomain(database: Database, options: DomainOptions) {
  const { clock = systemClock, random = Math.random, lookup = dns.lookup, onError } = options;
  const realtime = new Realtime({
    notifications: new Notifications(database),
    recorded: new PingRangeStore(database),
    onError,
  });
  const { failures, quota } = sharedLimits(database, realtime.feed, onError);
  const access = createAccess(database, { ...options, clock, failures });
  const sensorStore = new SensorStore(database);
  const pingStore = new PingStore(database);
  const recordHistory = new RecordHistory(new RecordHistoryStore(database), clock);
  const reasonCodes = new ReasonCodes(new ReasonCodeStore(database));
  const sensorChanges = new ExclusiveSensorQueue();
  const sensors = new Sensors(sensorStore, clock, sensorChanges);
  const webhooks = createWebhooks(database, {
    ...options,
    clock,
    random,
    lookup,
    sensors: sensorStore,
    pings: pingStore,
  });
  const { outbox } = webhooks;
  const writer = new PingWriter(database, outbox);
  const observer = notifyAll(webhooks.observer, realtime.publisher);
  const pings = new Pings(
    pingStore,
    writer,
    clock,
    observer,
    webhooks.backlog,
    reasonCodes,
    recordHistory,
  );
  const staged = new StagedPings(outbox);
  const imports = new Imports(
    new ImportStore(database, staged),
    clock,
    webhooks.backlog,
    (accountId) => realtime.publisher.imported(accountId),
    reasonCodes,
  );
  const devices = new DeviceStore(database);
  const volumes = new Volumes(new VolumeStore(database), recordHistory);
  const configurations = new SensorConfigurations(new ConfigurationStore(database), sensors);
  const revisions = new PingRevisions(new PingRevisionStore(database));
  const calendars = new Calendars(new CalendarStore(database));
  const flags = new FlagStore(database);
  const onQueued = (accountId: number) => webhooks.webhookWorker.wake(accountId);
  const statementKey = new SigningKey(new SigningKeyStore(database));
  const statements = new Statements({
    store: new StatementStore(database),
    key: statementKey,
    pings: pingStore,
    history: recordHistory,
    onQueued,
    ...{ sensors, configurations, revisions, calendars, volumes, clock },
  });
  return {
    clock,
    ...access,
    limiter: new RequestLimiter(options.rateLimit, { shared: { name: 'requests', quota } }),
    costLimiter: new RequestLimiter(options.costLimit, { shared: { name: 'costs', quota } }),
    sensors,
    configurations,
    sensorList: new SensorList(new SensorListStore(database)),
    pings,
    recordHistory,
    reasonCodes,
    readingFlags: new ReadingFlags({
      ...{ store: flags, writer, observer },
      admission: webhooks.backlog,
    }),
    substitutions: new Substitutions({
      ...{ store: new SubstitutionStore(database), writer, volumes, clock, observer, reasonCodes },
      admission: webhooks.backlog,
    }),
    revisions,
    volumes,
    totalizerVolumes: new TotalizerVolumes(new TotalizerStore(database)),
    histories: new SensorHistories(
      new ContinuationStore(database),
      ...([sensors, volumes, pingStore, recordHistory] as const),
    ),
    calendars,
    statements,
    statementKey,
    ...createPeriods(database, {
      ...{ sensors, sensorChanges, calendars, volumes, flags, clock, onError, onQueued },
      revisionIntervalMs: options.revisionIntervalMs,
      imbalanceIntervalMs: options.imbalanceIntervalMs,
    }),
    rollups: new Rollups(new SummaryStore(database)),
    retention: new PingRetention(new RetentionStore(database), clock),
    imports,
    importLog: new ImportLog(
      new ImportLogStore(database),
      new ImportUndoStore(database, staged, outbox),
      webhooks.backlog,
      reasonCodes,
      (accountId) => realtime.publisher.imported(accountId),
    ),
    devices: new Devices(devices, sensors),
    deviceMessages: new DeviceMessages(devices, pings),
    fieldReadings: new FieldReadings(devices, pings),
    importProfiles: new ImportProfiles(new ImportProfileStore(database)),
    exports: new Exports(new ExportStore(database), sensors),
    sync: new Sync(new SyncedSensorStore(database), sensors, pings, clock),
    system: new SystemOverview(
      new SystemStatusReader(new SystemStore(database, options.directory), clock),
      new BacklogStore(database),
      options.version ?? '',
    ),
    realtime,
    feed: realtime.feed,
    ...webhooks,
  };
}

function notifyAll(...observers: readonly PingObserver[]): PingObserver {
  return {
    recorded: (...event) => observers.forEach((observer) => observer.recorded(...event)),
    deleted: (...event) => observers.forEach((observer) => observer.deleted(...event)),
  };
}
