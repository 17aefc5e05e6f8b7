import { loadConfig } from '../config.js';
import { Accounts } from '../domain/accounts/accounts.js';
import { systemClock } from '../domain/shared/clock.js';
import { Exports } from '../domain/transfer/export.js';
import { Imports } from '../domain/transfer/import.js';
import { Pings } from '../domain/pings/pings.js';
import { Passwords } from '../domain/accounts/passwords.js';
import { Rollups } from '../domain/volumes/rollups.js';
import { Sensors } from '../domain/sensors/sensors.js';
import { Sync } from '../domain/transfer/sync.js';
import { Tokens } from '../domain/accounts/tokens.js';
import { Users } from '../domain/accounts/users.js';
import { createPublisher } from './realtime.js';
import { AccountStore } from '../storage/accounts/account-store.js';
import type { Database } from '../storage/postgres/database.js';
import { ExportStore } from '../storage/transfer/export-store.js';
import { ImportStore } from '../storage/transfer/import-store.js';
import { migrate } from '../storage/migrations/migrate.js';
import { openDatabase, type Storage } from '../storage/open-database.js';
import { PingWriter } from '../storage/pings/ping-writer.js';
import { PingStore } from '../storage/pings/ping-store.js';
import { SensorStore } from '../storage/sensors/sensor-store.js';
import { StagedPings } from '../storage/transfer/staged-pings.js';
import { SummaryStore } from '../storage/summaries/summary-store.js';
import { SyncedSensorStore } from '../storage/transfer/synced-sensor-store.js';
import { TokenStore } from '../storage/accounts/token-store.js';
import { UserStore } from '../storage/accounts/user-store.js';
import { WebhookOutbox } from '../storage/webhooks/outbox.js';

/** What the commands work with: the same domain as the server's, without its transports. */
export type CommandDomain = ReturnType<typeof createDomain>;

/** Opens the database that the environment names, migrated, for the time of `work`. */
export function openDomain<T>(work: (services: CommandDomain) => Promise<T>): Promise<T> {
  return openStorage(async ({ database }) => {
    await migrate(database.pool);
    const publisher = createPublisher(database, () => undefined);
    try {
      return await work(createDomain(database, publisher));
    } finally {
      await publisher.close();
    }
  });
}

/** Brings the database that the environment names to this version. @returns the migrations that it lacked */
export function applyMigrations(): Promise<string[]> {
  return openStorage(({ database }) => migrate(database.pool));
}

async function openStorage<T>(work: (storage: Storage) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = loadConfig();
  const storage = await openDatabase({ databaseUrl, dataDir });
  const ending = endOnSignal(storage);
  try {
    return await work(storage);
  } finally {
    ending.forget();
    await storage.close();
  }
}

function createDomain(database: Database, publisher: Publisher) {
  const clock = systemClock;
  // The command ends after this: there is nothing remembered to forget.
  const onRevoked = () => undefined;
  const sensors = new Sensors(new SensorStore(database));
  const outbox = new WebhookOutbox();
  const staged = new StagedPings(outbox);
  const pings = new Pings(
    new PingStore(database),
    new PingWriter(database, outbox),
    clock,
    publisher,
  );
  return {
    accounts: new Accounts(new AccountStore(database)),
    users: new Users({
      users: new UserStore(database),
      passwords: new Passwords(),
      clock,
      onRevoked,
    }),
    tokens: new Tokens({ tokens: new TokenStore(database), clock, onRevoked }),
    sensors,
    imports: new Imports(new ImportStore(database, staged), clock, (accountId) =>
      publisher.imported(accountId),
    ),
    exports: new Exports(new ExportStore(database), sensors),
    rollups: new Rollups(new SummaryStore(database)),
    sync: new Sync(new SyncedSensorStore(database), sensors, pings, clock),
  };
}

/** Tells the servers' subscribers; their webhook workers find out by themselves. */
type Publisher = ReturnType<typeof createPublisher>;

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** An interrupted command still lets go of the embedded PostgreSQL, which would else run on. */
function endOnSignal({ embedded }: Storage): { forget(): void } {
  const listeners = Object.entries(SIGNALS).map(([signal, status]) => {
    const listener = () => {
      void Promise.resolve(embedded?.release()).finally(() => process.exit(status));
    };
    process.once(signal, listener);
    return [signal, listener] as const;
  });
  return {
    forget: () => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    },
  };
}
