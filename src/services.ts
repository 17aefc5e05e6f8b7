import { Authenticator } from './domain/authentication.js';
import { systemClock } from './domain/clock.js';
import { Exports } from './domain/export.js';
import { Passwords } from './domain/passwords.js';
import { PingRevisions } from './domain/ping-revisions.js';
import { Pings, type PingObserver } from './domain/pings.js';
import { RequestLimiter } from './domain/request-limiter.js';
import { ListedSensors } from './domain/listed-sensors.js';
import { Sensors } from './domain/sensors.js';
import { Sessions } from './domain/sessions.js';
import { Tokens } from './domain/tokens.js';
import { Volumes } from './domain/volumes.js';
import { createRealtime } from './realtime-services.js';
import type { Database } from './storage/database.js';
import { ExportStore } from './storage/export.js';
import { PingRevisionStore } from './storage/ping-revisions.js';
import { PingWriter } from './storage/ping-writer.js';
import { PingStore } from './storage/pings.js';
import { ListedSensorStore } from './storage/listed-sensors.js';
import { SensorStorage } from './storage/sensors.js';
import { SessionStore } from './storage/sessions.js';
import { TokenStore } from './storage/tokens.js';
import { UserStore } from './storage/users.js';
import { VolumeStore } from './storage/volumes.js';
import { WebhookOutbox } from './storage/webhook-outbox.js';
import { createWebhookServices, type WebhookOptions } from './webhook-services.js';

export interface ServiceOptions extends WebhookOptions {
  /** requests a minute for each credential; 0 = no limit */
  readonly rateLimit: number;
}

/** The domain over one database, as a server has it. */
export type Services = ReturnType<typeof createServices>;

export function createServices(database: Database, options: ServiceOptions) {
  const clock = systemClock;
  const tokens = new TokenStore(database);
  const sessions = new SessionStore(database);
  const users = new UserStore(database);
  const authenticator = new Authenticator({ users, tokens, sessions, passwords: new Passwords() });
  const sensors = new Sensors(new SensorStorage(database));
  const webhooks = createWebhookServices(database, options);
  const realtime = createRealtime(database, options.onFault);
  return {
    ...webhooks,
    realtime,
    feed: realtime.feed,
    clock,
    authenticator,
    limiter: new RequestLimiter(options.rateLimit),
    sessions: new Sessions({ sessions, authenticator, clock }),
    tokens: new Tokens({ tokens, clock, onRevoked: () => authenticator.distrust() }),
    sensors,
    exports: new Exports(new ExportStore(database), sensors),
    listedSensors: new ListedSensors(new ListedSensorStore(database)),
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
