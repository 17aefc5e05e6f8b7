import { Authenticator } from '../domain/auth/authenticator.js';
import { systemClock } from '../domain/shared/clock.js';
import { Exports } from '../domain/transfer/export.js';
import { Passwords } from '../domain/accounts/passwords.js';
import { PingRevisions } from '../domain/pings/revisions.js';
import { Pings, type PingObserver } from '../domain/pings/pings.js';
import { RequestLimiter } from '../domain/auth/request-limiter.js';
import { SensorList } from '../domain/sensors/sensor-list.js';
import { Sensors } from '../domain/sensors/sensors.js';
import { Sessions } from '../domain/auth/sessions.js';
import { Tokens } from '../domain/accounts/tokens.js';
import { Volumes } from '../domain/volumes/volumes.js';
import { createRealtime } from './realtime.js';
import type { Database } from '../storage/postgres/database.js';
import { ExportStore } from '../storage/transfer/export-store.js';
import { PingRevisionStore } from '../storage/pings/revision-store.js';
import { PingWriter } from '../storage/pings/ping-writer.js';
import { PingStore } from '../storage/pings/ping-store.js';
import { SensorListStore } from '../storage/sensors/sensor-list-store.js';
import { SensorStore } from '../storage/sensors/sensor-store.js';
import { SessionStore } from '../storage/accounts/session-store.js';
import { TokenStore } from '../storage/accounts/token-store.js';
import { UserStore } from '../storage/accounts/user-store.js';
import { VolumeStore } from '../storage/volumes/volume-store.js';
import { WebhookOutbox } from '../storage/webhooks/outbox.js';
import { createWebhooks, type WebhookOptions } from './webhooks.js';

export interface DomainOptions extends WebhookOptions {
  /** requests a minute for each credential; 0 = no limit */
  readonly rateLimit: number;
}

/** The domain over one database, as a server has it. */
export type Domain = ReturnType<typeof createDomain>;

export function createDomain(database: Database, options: DomainOptions) {
  const clock = systemClock;
  const tokens = new TokenStore(database);
  const sessions = new SessionStore(database);
  const users = new UserStore(database);
  const authenticator = new Authenticator({ users, tokens, sessions, passwords: new Passwords() });
  const sensors = new Sensors(new SensorStore(database));
  const webhooks = createWebhooks(database, options);
  const realtime = createRealtime(database, options.onError);
  return {
    ...webhooks,
    realtime,
    feed: realtime.feed,
    clock,
    authenticator,
    limiter: new RequestLimiter(options.rateLimit),
    sessions: new Sessions({ sessions, authenticator, clock }),
    tokens: new Tokens({ tokens, clock, onRevoked: () => authenticator.invalidate() }),
    sensors,
    exports: new Exports(new ExportStore(database), sensors),
    sensorList: new SensorList(new SensorListStore(database)),
    pings: new Pings(
      new PingStore(database),
      new PingWriter(database, new WebhookOutbox()),
      clock,
      each(webhooks.observer, realtime.publisher),
    ),
    revisions: new PingRevisions(new PingRevisionStore(database)),
    volumes: new Volumes(new VolumeStore(database)),
  };
}

/** Tells several. */
function each(...observers: readonly PingObserver[]): PingObserver {
  return {
    recorded: (...told) => observers.forEach((observer) => observer.recorded(...told)),
    deleted: (...told) => observers.forEach((observer) => observer.deleted(...told)),
  };
}
