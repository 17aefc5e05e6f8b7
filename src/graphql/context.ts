import type { Clock } from '../domain/clock.js';
import type { PingFeed } from '../domain/ping-feed.js';
import type { PingRevisions } from '../domain/ping-revisions.js';
import type { Pings } from '../domain/pings.js';
import type { Principal } from '../domain/principal.js';
import type { Sensors } from '../domain/sensors.js';
import type { Tokens } from '../domain/tokens.js';
import type { Volumes } from '../domain/volumes.js';
import type { WebhookDeliveries } from '../domain/webhook-deliveries.js';
import type { Webhooks } from '../domain/webhooks.js';
import { Telemetry } from './telemetry.js';
import { WebhookLog } from './webhook-log.js';

/** The parts of the domain that fields are resolved by. */
export interface Services {
  readonly sensors: Sensors;
  readonly pings: Pings;
  readonly revisions: PingRevisions;
  readonly volumes: Volumes;
  readonly tokens: Tokens;
  readonly feed: PingFeed;
  readonly webhooks: Webhooks;
  readonly webhookDeliveries: WebhookDeliveries;
  readonly clock: Clock;
  /** most pings that one mutation may record */
  readonly maxPings: number;
}

/** What carries the events of a subscription to its client. */
export interface Stream {
  /** the client is too slow to be told anything */
  readonly onDrop: () => void;
}

/** What every resolver of one operation shares. */
export interface GraphQLContext {
  readonly principal: Principal;
  readonly services: Services;
  readonly telemetry: Telemetry;
  readonly webhookLog: WebhookLog;
  readonly stream?: Stream | undefined;
}

export function createContext(
  principal: Principal,
  services: Services,
  stream?: Stream,
): GraphQLContext {
  return {
    principal,
    services,
    telemetry: new Telemetry(principal, services),
    webhookLog: new WebhookLog(principal, services),
    stream,
  };
}
