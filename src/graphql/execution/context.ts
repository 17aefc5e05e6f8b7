import type { Clock } from '../../domain/shared/clock.js';
import type { PingFeed } from '../../domain/pings/feed.js';
import type { PingRevisions } from '../../domain/pings/revisions.js';
import type { Pings } from '../../domain/pings/pings.js';
import type { Principal } from '../../domain/shared/principal.js';
import type { Sensors } from '../../domain/sensors/sensors.js';
import type { Tokens } from '../../domain/accounts/tokens.js';
import type { Volumes } from '../../domain/volumes/volumes.js';
import type { WebhookDeliveries } from '../../domain/webhooks/deliveries.js';
import type { WebhookEndpoints } from '../../domain/webhooks/endpoints.js';
import { SensorLoaders } from '../loaders/sensor-loaders.js';
import { WebhookLoaders } from '../loaders/webhook-loaders.js';

/** The parts of the domain that fields are resolved by. */
export interface Domain {
  readonly sensors: Sensors;
  readonly pings: Pings;
  readonly revisions: PingRevisions;
  readonly volumes: Volumes;
  readonly tokens: Tokens;
  readonly feed: PingFeed;
  readonly webhooks: WebhookEndpoints;
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
  readonly services: Domain;
  readonly telemetry: SensorLoaders;
  readonly webhookLog: WebhookLoaders;
  readonly stream?: Stream | undefined;
}

export function createContext(
  principal: Principal,
  services: Domain,
  stream?: Stream,
): GraphQLContext {
  return {
    principal,
    services,
    telemetry: new SensorLoaders(principal, services),
    webhookLog: new WebhookLoaders(principal, services),
    stream,
  };
}
