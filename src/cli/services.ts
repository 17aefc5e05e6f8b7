import { loadConfig } from '../config.js';
import { Accounts } from '../domain/accounts.js';
import { systemClock } from '../domain/clock.js';
import { Exports } from '../domain/export.js';
import { Imports } from '../domain/import.js';
import { Pings } from '../domain/pings.js';
import { Passwords } from '../domain/passwords.js';
import { Rollups } from '../domain/rollups.js';
import { Sensors } from '../domain/sensors.js';
import { Sync } from '../domain/sync.js';
import { Tokens } from '../domain/tokens.js';
import { Users } from '../domain/users.js';
import { createPublisher } from '../realtime-services.js';
import { AccountStore } from '../storage/accounts.js';
import type { Database } from '../storage/database.js';
import { ExportStore } from '../storage/export.js';
import { ImportStore } from '../storage/import.js';
import { migrate } from '../storage/migrate.js';
import { openDatabase, type Storage } from '../storage/open.js';
import { PingWriter } from '../storage/ping-writer.js';
import { PingStore } from '../storage/pings.js';
import { SensorStorage } from '../storage/sensors.js';
import { StagedPings } from '../storage/staged-pings.js';
import { SummaryStore } from '../storage/summaries.js';
import { SyncedSensorStore } from '../storage/synced-sensors.js';
import { TokenStore } from '../storage/tokens.js';
import { UserStore } from '../storage/users.js';
import { WebhookOutbox } from '../storage/webhook-outbox.js';

/** What the commands work with: the same domain as the server's, without its transports. */
export type Services = ReturnType<typeof createServices>;

/** Opens the database that the environment names, migrated, for the time of `work`. */
export function openServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  return openStorage(async ({ database }) => {
    await migrate(database.pool);
    const publisher = createPublisher(database, () => undefined);
    try {
      return await work(createServices(database, publisher));
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

function createServices(database: Database, publisher: Publisher) {
  const clock = systemClock;
  // The command ends after this: there is nothing remembered to forget.
  const onRevoked = () => undefined;
  const sensors = new Sensors(new SensorStorage(database));
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
