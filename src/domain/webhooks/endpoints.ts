import { randomBytes } from 'node:crypto';
import type { SensorStore } from '../../storage/sensors/sensor-store.js';
import type {
  EndpointRecord,
  EndpointWindow,
  WebhookEndpointStore,
} from '../../storage/webhooks/endpoint-store.js';
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
import type { EventType } from './payload.js';
import {
  endpointErrors,
  MAX_ENDPOINTS,
  type CreateEndpointInput,
  type UpdateEndpointInput,
} from './rules.js';
import type { WebhookUrlPolicy } from './url.js';

export type { EndpointWindow } from '../../storage/webhooks/endpoint-store.js';
export type { CreateEndpointInput, UpdateEndpointInput } from './rules.js';

/** Where an account is told of its pings. */
export interface WebhookEndpoint extends Omit<
  EndpointRecord,
  'secret' | 'previousSecret' | 'sensorIds'
> {
  /** null: all of the account's */
  readonly sensorIds: readonly number[] | null;
  /** only for those who have ADMIN */
  readonly secret: string | null;
}

export interface WebhookEndpointsDeps {
  readonly endpoints: WebhookEndpointStore;
  readonly sensors: SensorStore;
  readonly clock: Clock;
  readonly policy: WebhookUrlPolicy;
  /** the addresses that a host name stands for; fails or is empty where that cannot be told now */
  readonly resolve: (hostname: string) => Promise<readonly string[]>;
  /** told of the account once its endpoints have changed */
  readonly onChanged: (accountId: number) => void;
}

const SECRET_BYTES = 32;
const DEFAULT_EVENT_TYPES: readonly EventType[] = ['ping_received'];
const SIGNS_ALONG_MS = 24 * 3_600_000;

/** The webhook endpoints of an account. Reading needs READ, all else ADMIN. */
export class WebhookEndpoints {
  constructor(private readonly parts: WebhookEndpointsDeps) {}

  /** @throws InvalidInputError of each field that breaks its rule; ConflictError where there are too many */
  async create(principal: Principal, input: CreateEndpointInput): Promise<WebhookEndpoint> {
    requireScope(principal, 'ADMIN');
    await this.requireSound(principal, input);
    const { endpoints, onChanged } = this.parts;
    const endpoint = {
      url: input.url,
      description: input.description ?? null,
      sensorIds: [...new Set(input.sensorIds ?? [])],
      eventTypes: [...new Set(input.eventTypes ?? DEFAULT_EVENT_TYPES)],
      secret: newSecret(),
    };
    const made = await endpoints.create(principal.accountId, endpoint, MAX_ENDPOINTS);
    if (!made) {
      throw new ConflictError(`An account has at most ${MAX_ENDPOINTS} webhook endpoints.`);
    }
    onChanged(principal.accountId);
    return shown(principal, made);
  }

  /**
   * An endpoint that is enabled again starts afresh, with what has been waiting for it.
   * @throws NotFoundError; InvalidInputError of each field that breaks its rule
   */
  async update(
    principal: Principal,
    id: number,
    input: UpdateEndpointInput,
  ): Promise<WebhookEndpoint> {
    requireScope(principal, 'ADMIN');
    const held = await this.require(principal, id);
    await this.requireSound(principal, input);
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
    if (enabled && !held.enabled) await this.parts.endpoints.revive(id);
    return this.changed(principal, id, (accountId) =>
      this.parts.endpoints.update(accountId, id, change),
    );
  }

  /** @throws NotFoundError */
  async delete(principal: Principal, id: number): Promise<void> {
    requireScope(principal, 'ADMIN');
    const found = isRecordId(id) && (await this.parts.endpoints.delete(principal.accountId, id));
    if (!found) throw new NotFoundError();
    this.parts.onChanged(principal.accountId);
  }

  /** Another secret, at once; the one before signs along for 24 h. @throws NotFoundError */
  rotateSecret(principal: Principal, id: number): Promise<WebhookEndpoint> {
    requireScope(principal, 'ADMIN');
    const alongUntil = new Date(this.parts.clock().getTime() + SIGNS_ALONG_MS);
    return this.changed(principal, id, (accountId) =>
      this.parts.endpoints.rotate(accountId, id, newSecret(), alongUntil),
    );
  }

  /** Ends the signing along of the secret before. @throws NotFoundError */
  revokePreviousSecret(principal: Principal, id: number): Promise<WebhookEndpoint> {
    requireScope(principal, 'ADMIN');
    return this.changed(principal, id, (accountId) =>
      this.parts.endpoints.revokePrevious(accountId, id),
    );
  }

  /** Those of the ids that the account has, by id. */
  async find(principal: Principal, ids: readonly number[]): Promise<Map<number, WebhookEndpoint>> {
    requireScope(principal, 'READ');
    const found = await this.parts.endpoints.find(principal.accountId, ids.filter(isRecordId));
    return new Map(found.map((endpoint) => [endpoint.id, shown(principal, endpoint)]));
  }

  /** @throws NotFoundError where the account has no such endpoint */
  async require(principal: Principal, id: number): Promise<WebhookEndpoint> {
    const endpoint = (await this.find(principal, [id])).get(id);
    if (!endpoint) throw new NotFoundError();
    return endpoint;
  }

  /** Some endpoints in a row, by id, and whether there are more where they end. */
  async window(
    principal: Principal,
    window: EndpointWindow,
  ): Promise<{ endpoints: WebhookEndpoint[]; more: boolean }> {
    requireScope(principal, 'READ');
    const { take, from } = window;
    const found = await this.parts.endpoints.window(principal.accountId, {
      ...window,
      take: take + 1,
    });
    const page = from === 'first' ? found.slice(0, take) : found.slice(-take || found.length);
    return {
      endpoints: page.map((endpoint) => shown(principal, endpoint)),
      more: found.length > take,
    };
  }

  count(principal: Principal): Promise<number> {
    requireScope(principal, 'READ');
    return this.parts.endpoints.count(principal.accountId);
  }

  private async changed(
    principal: Principal,
    id: number,
    change: (accountId: number) => Promise<boolean>,
  ): Promise<WebhookEndpoint> {
    const found = isRecordId(id) && (await change(principal.accountId));
    if (!found) throw new NotFoundError();
    this.parts.onChanged(principal.accountId);
    return this.require(principal, id);
  }

  private async requireSound(principal: Principal, input: UpdateEndpointInput): Promise<void> {
    const faults = endpointErrors(input, this.parts.policy);
    const isFaulty = (field: string): boolean => faults.some(({ path }) => path[0] === field);
    if (input.sensorIds && !isFaulty('sensorIds')) {
      faults.push(...(await this.unknownSensors(principal, input.sensorIds)));
    }
    if (input.url && !isFaulty('url')) faults.push(...(await this.insideUrl(input.url)));
    const [fault, ...more] = faults;
    if (fault) throw new InvalidInputError([fault, ...more]);
  }

  private async unknownSensors(
    principal: Principal,
    ids: readonly number[],
  ): Promise<FieldError[]> {
    const found = await this.parts.sensors.find(principal.accountId, ids.filter(isRecordId));
    const known = new Set(found.map(({ id }) => id));
    const index = ids.findIndex((id) => !known.has(id));
    if (index < 0) return [];
    return [{ path: ['sensorIds'], message: `There is no flow sensor ${ids[index]}.` }];
  }

  private async insideUrl(url: string): Promise<FieldError[]> {
    if (this.parts.policy.allowPrivateNetwork) return [];
    const { hostname } = new URL(url);
    // A name that does not resolve now may do so later: what counts is looked at for each connection.
    const addresses = await this.parts.resolve(hostname).catch(() => []);
    if (addresses.every(isPublicAddress)) return [];
    const message = `Must be a host on the public internet: ${hostname} stands for a loopback, private or reserved address.`;
    return [{ path: ['url'], message }];
  }
}

/** As the contract and Standard Webhooks have it: 256 random bits. */
function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

function shown(principal: Principal, endpoint: EndpointRecord): WebhookEndpoint {
  const { secret, previousSecret: _, sensorIds, ...rest } = endpoint;
  return {
    ...rest,
    sensorIds: sensorIds.length === 0 ? null : sensorIds,
    secret: principal.scopes.has('ADMIN') ? secret : null,
  };
}
