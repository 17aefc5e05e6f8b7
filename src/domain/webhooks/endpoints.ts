import { randomBytes } from 'node:crypto';
import type { SensorStore } from '../../storage/sensors/sensor-store.js';
import type {
  EndpointRecord,
  EndpointWindow,
  WebhookEndpointStore,
} from '../../storage/webhooks/endpoint-store.js';
import { auditEntry, type AuditEntry, type AuditEventType } from '../shared/audit.js';
import type { Clock } from '../shared/clock.js';
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  type FieldError,
} from '../shared/errors.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import { isPublicAddress } from './address.js';
import { duplicatesOf } from './duplicates.js';
import type { EventType } from './payload.js';
import {
  endpointErrors,
  MAX_ENDPOINTS,
  type CreateEndpointInput,
  type UpdateEndpointInput,
} from './rules.js';
import { HOW_TO_ALLOW, type WebhookUrlPolicy } from './url.js';

export type { EndpointWindow } from '../../storage/webhooks/endpoint-store.js';
export type { CreateEndpointInput, UpdateEndpointInput } from './rules.js';

/** A URL to which an account's events are delivered. */
export interface WebhookEndpoint extends Omit<
  EndpointRecord,
  'secret' | 'previousSecret' | 'sensorIds'
> {
  /** null: all of the account's sensors */
  readonly sensorIds: readonly number[] | null;
  /** null without ADMIN */
  readonly secret: string | null;
}

export interface WebhookEndpointsDeps {
  readonly endpoints: WebhookEndpointStore;
  readonly sensors: SensorStore;
  readonly clock: Clock;
  readonly policy: WebhookUrlPolicy;
  /** the addresses of a host name; fails or is empty where it cannot be resolved now */
  readonly resolve: (hostname: string) => Promise<readonly string[]>;
  /** called with the account once its endpoints have changed */
  readonly onChanged: (accountId: number) => void;
}

const SECRET_BYTES = 32;
const DEFAULT_EVENT_TYPES: readonly EventType[] = ['ping_received'];
const SECRET_OVERLAP_MS = 24 * 3_600_000;

/** The webhook endpoints of an account. Reading needs READ, all else ADMIN. */
export class WebhookEndpoints {
  constructor(private readonly deps: WebhookEndpointsDeps) {}

  /**
   * @throws InvalidInputError with each field that breaks its rule; ConflictError if the account
   * already has the maximum number of endpoints
   */
  async create(principal: Principal, input: CreateEndpointInput): Promise<WebhookEndpoint> {
    requireScope(principal, 'ADMIN');
    await this.validate(principal, input);
    const { endpoints, onChanged } = this.deps;
    const endpoint = {
      url: input.url,
      description: input.description ?? null,
      sensorIds: [...new Set(input.sensorIds ?? [])],
      eventTypes: [...new Set(input.eventTypes ?? DEFAULT_EVENT_TYPES)],
      secret: newSecret(),
    };
    const created = await endpoints.create(
      ...([principal.accountId, endpoint, MAX_ENDPOINTS] as const),
      eventOf(principal, 'WEBHOOK_ENDPOINT_CREATED'),
    );
    if (!created) {
      throw new ConflictError(`An account has at most ${MAX_ENDPOINTS} webhook endpoints.`);
    }
    onChanged(principal.accountId);
    return visibleTo(principal, created);
  }

  /**
   * Enabling an endpoint again forgets its failures and sends what has been waiting for it.
   * @throws NotFoundError; InvalidInputError with each field that breaks its rule
   */
  async update(
    principal: Principal,
    id: number,
    input: UpdateEndpointInput,
  ): Promise<WebhookEndpoint> {
    requireScope(principal, 'ADMIN');
    const before = await this.require(principal, id);
    await this.validate(principal, input);
    const { url, description, sensorIds, eventTypes, enabled } = input;
    const change = {
      ...(url && { url }),
      ...(description !== undefined && { description }),
      ...(sensorIds !== undefined && { sensorIds: [...new Set(sensorIds ?? [])] }),
      ...(eventTypes !== undefined && {
        eventTypes: [...new Set(eventTypes ?? DEFAULT_EVENT_TYPES)],
      }),
      ...(typeof enabled === 'boolean' && { enabled, disabledReason: null }),
    };
    if (enabled && !before.enabled) await this.deps.endpoints.recover(id);
    return this.changed(principal, id, (accountId) =>
      this.deps.endpoints.update(
        accountId,
        id,
        change,
        eventOf(principal, 'WEBHOOK_ENDPOINT_CHANGED', { fields: Object.keys(change) }),
      ),
    );
  }

  /** @throws NotFoundError */
  async delete(principal: Principal, id: number): Promise<void> {
    requireScope(principal, 'ADMIN');
    const audit = eventOf(principal, 'WEBHOOK_ENDPOINT_DELETED');
    const found =
      isRecordId(id) && (await this.deps.endpoints.delete(principal.accountId, id, audit));
    if (!found) throw new NotFoundError();
    this.deps.onChanged(principal.accountId);
  }

  /** Replaces the secret at once; the previous one stays valid for 24 h. @throws NotFoundError */
  rotateSecret(principal: Principal, id: number): Promise<WebhookEndpoint> {
    requireScope(principal, 'ADMIN');
    const previousExpiresAt = new Date(this.deps.clock().getTime() + SECRET_OVERLAP_MS);
    return this.changed(principal, id, (accountId) =>
      this.deps.endpoints.rotate(
        ...([accountId, id, newSecret(), previousExpiresAt] as const),
        eventOf(principal, 'WEBHOOK_SECRET_ROTATED'),
      ),
    );
  }

  /** Ends the validity of the previous secret. @throws NotFoundError */
  revokePreviousSecret(principal: Principal, id: number): Promise<WebhookEndpoint> {
    requireScope(principal, 'ADMIN');
    return this.changed(principal, id, (accountId) =>
      this.deps.endpoints.revokePrevious(
        accountId,
        id,
        eventOf(principal, 'WEBHOOK_PREVIOUS_SECRET_REVOKED'),
      ),
    );
  }

  /** The secrets of these endpoints, null without ADMIN; that they are read is logged. */
  async reveal(principal: Principal, ids: readonly number[]): Promise<Map<number, string | null>> {
    const found = [...(await this.find(principal, ids)).values()];
    const events = found
      .filter(({ secret }) => secret !== null)
      .map(eventOf(principal, 'WEBHOOK_SECRET_REVEALED'));
    await this.deps.endpoints.log(events);
    return new Map(found.map(({ id, secret }) => [id, secret]));
  }

  /** The account's endpoints among these ids, by id. */
  async find(principal: Principal, ids: readonly number[]): Promise<Map<number, WebhookEndpoint>> {
    requireScope(principal, 'READ');
    const found = await this.deps.endpoints.find(principal, ids.filter(isRecordId));
    return new Map(found.map((endpoint) => [endpoint.id, visibleTo(principal, endpoint)]));
  }

  /**
   * For each of these endpoints, the ids of those with the same URL that receive some of its
   * events.
   */
  async duplicates(
    principal: Principal,
    ids: readonly number[],
  ): Promise<ReadonlyMap<number, readonly number[]>> {
    const { endpoints } = await this.window(principal, { take: MAX_ENDPOINTS, from: 'first' });
    const asked = new Set(ids);
    return new Map(
      endpoints
        .filter(({ id }) => asked.has(id))
        .map((endpoint) => [endpoint.id, duplicatesOf(endpoint, endpoints)]),
    );
  }

  /** @throws NotFoundError where the account has no such endpoint */
  async require(principal: Principal, id: number): Promise<WebhookEndpoint> {
    const endpoint = (await this.find(principal, [id])).get(id);
    if (!endpoint) throw new NotFoundError();
    return endpoint;
  }

  /** A page of endpoints by id, and whether more follow it. */
  async window(
    principal: Principal,
    window: EndpointWindow,
  ): Promise<{ endpoints: WebhookEndpoint[]; more: boolean }> {
    requireScope(principal, 'READ');
    const { take, from } = window;
    const found = await this.deps.endpoints.window(principal, {
      ...window,
      take: take + 1,
    });
    const page = from === 'first' ? found.slice(0, take) : found.slice(-take || found.length);
    return {
      endpoints: page.map((endpoint) => visibleTo(principal, endpoint)),
      more: found.length > take,
    };
  }

  count(principal: Principal): Promise<number> {
    requireScope(principal, 'READ');
    return this.deps.endpoints.count(principal);
  }

  private async changed(
    principal: Principal,
    id: number,
    change: (accountId: number) => Promise<boolean>,
  ): Promise<WebhookEndpoint> {
    const found = isRecordId(id) && (await change(principal.accountId));
    if (!found) throw new NotFoundError();
    this.deps.onChanged(principal.accountId);
    return this.require(principal, id);
  }

  private async validate(principal: Principal, input: UpdateEndpointInput): Promise<void> {
    const errors = endpointErrors(input, this.deps.policy);
    const isInvalid = (field: string): boolean => errors.some(({ path }) => path[0] === field);
    if (input.sensorIds && !isInvalid('sensorIds')) {
      errors.push(...(await this.unknownSensors(principal, input.sensorIds)));
    }
    if (input.url && !isInvalid('url')) errors.push(...(await this.privateUrl(input.url)));
    const [first, ...more] = errors;
    if (first) throw new InvalidInputError([first, ...more]);
  }

  private async unknownSensors(
    principal: Principal,
    ids: readonly number[],
  ): Promise<FieldError[]> {
    const found = await this.deps.sensors.find(principal, ids.filter(isRecordId));
    const known = new Set(found.map(({ id }) => id));
    const index = ids.findIndex((id) => !known.has(id));
    if (index < 0) return [];
    return [{ path: ['sensorIds'], message: `There is no flow sensor ${ids[index]}.` }];
  }

  private async privateUrl(url: string): Promise<FieldError[]> {
    if (this.deps.policy.allowPrivateNetwork) return [];
    const { hostname } = new URL(url);
    // A name that does not resolve now may do so later: each connection checks it again.
    const addresses = await this.deps.resolve(hostname).catch(() => []);
    if (addresses.every(isPublicAddress)) return [];
    const message = `Must be a host on the public internet: ${hostname} resolves to a loopback, private or reserved address; ${HOW_TO_ALLOW}`;
    return [{ path: ['url'], message }];
  }
}

function eventOf(
  principal: Principal,
  event: AuditEventType,
  details: AuditEntry['details'] = {},
): (endpoint: { id: number; url: string }) => AuditEntry {
  // The rest of a URL may be secret.
  return ({ id, url }) => {
    const subject = { type: 'WEBHOOK_ENDPOINT', id, name: new URL(url).origin } as const;
    return auditEntry(principal, event, subject, details);
  };
}

/** As the contract and Standard Webhooks have it: 256 random bits. */
function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

function visibleTo(principal: Principal, endpoint: EndpointRecord): WebhookEndpoint {
  const { secret, previousSecret: _, sensorIds, ...rest } = endpoint;
  return {
    ...rest,
    sensorIds: sensorIds.length === 0 ? null : sensorIds,
    secret: principal.scopes.has('ADMIN') ? secret : null,
  };
}
