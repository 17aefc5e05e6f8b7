import type { Prisma } from '../../generated/prisma/client.js';
import { createEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database } from '../postgres/database.js';
import type { Reader } from '../postgres/reader.js';
import { makeDue } from './sql/deliveries.js';

const WITH_STATE = {
  include: { state: true },
} satisfies Prisma.WebhookEndpointDefaultArgs;

type Row = Prisma.WebhookEndpointGetPayload<typeof WITH_STATE>;

/** An endpoint with its secrets and its circuit. */
export interface EndpointRecord extends Omit<Row, 'state'> {
  readonly lastSequence: bigint;
  readonly failingSince: Date | null;
  readonly pausedUntil: Date | null;
}

export interface NewEndpoint {
  readonly url: string;
  readonly description: string | null;
  /** empty: all of the account's sensors */
  readonly sensorIds: number[];
  readonly eventTypes: string[];
  readonly secret: string;
}

export type EndpointChange = Partial<
  Omit<NewEndpoint, 'secret'> & {
    readonly enabled: boolean;
    readonly disabledReason: null;
  }
>;

/** Endpoints between two ids, both exclusive, ascending, taken from one end of that range. */
export interface EndpointWindow {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly take: number;
  readonly from: 'first' | 'last';
}

/** The event of what happens to an endpoint. */
type Audit = (endpoint: { readonly id: number; readonly url: string }) => AuditEntry;

export class WebhookEndpointStore {
  constructor(private readonly database: Database) {}

  /** @returns undefined where the account has `limit` endpoints already */
  create(
    accountId: number,
    endpoint: NewEndpoint,
    limit: number,
    audit: Audit,
  ): Promise<EndpointRecord | undefined> {
    const { prisma } = this.database;
    return prisma.$transaction(async (transaction) => {
      // Two that are created at once are counted one after the other.
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('flowgate.webhook'), ${accountId}::int)`;
      const count = await transaction.webhookEndpoint.count({ where: { accountId } });
      if (count >= limit) return undefined;
      const data = { accountId, ...endpoint, state: { create: {} } };
      const created = await transaction.webhookEndpoint.create({ data, ...WITH_STATE });
      await createEvent(transaction, audit(created));
      return recordOf(created);
    });
  }

  async find(reader: Reader, ids: readonly number[]): Promise<EndpointRecord[]> {
    const where = { accountId: reader.accountId, id: { in: [...ids] } };
    const rows = await this.database.share(reader, () =>
      this.database.prisma.webhookEndpoint.findMany({ where, ...WITH_STATE }),
    );
    return rows.map(recordOf);
  }

  async window(
    reader: Reader,
    { after, before, take, from }: EndpointWindow,
  ): Promise<EndpointRecord[]> {
    const id = {
      ...(after !== undefined && { gt: after }),
      ...(before !== undefined && { lt: before }),
    };
    const rows = await this.database.share(reader, () =>
      this.database.prisma.webhookEndpoint.findMany({
        where: { accountId: reader.accountId, id },
        orderBy: { id: 'asc' },
        take: from === 'first' ? take : -take,
        ...WITH_STATE,
      }),
    );
    return rows.map(recordOf);
  }

  count(reader: Reader): Promise<number> {
    const where = { accountId: reader.accountId };
    return this.database.share(reader, () => this.database.prisma.webhookEndpoint.count({ where }));
  }

  /** @returns whether the account has such an endpoint */
  update(accountId: number, id: number, change: EndpointChange, audit: Audit): Promise<boolean> {
    return this.change(accountId, id, change, audit);
  }

  private change(
    accountId: number,
    id: number,
    change: Prisma.WebhookEndpointUpdateManyMutationInput,
    audit: Audit,
  ): Promise<boolean> {
    return this.database.prisma.$transaction(async (transaction) => {
      const [changed] = await transaction.webhookEndpoint.updateManyAndReturn({
        where: { accountId, id },
        data: { ...change, revision: { increment: 1 } },
      });
      if (changed) await createEvent(transaction, audit(changed));
      return changed !== undefined;
    });
  }

  /** Forgets the endpoint's failures and makes everything that waits due. */
  async recover(id: number): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.query(forgetFailures, [id]);
      await transaction.query(makeDue, [id]);
    });
  }

  /**
   * Its deliveries remain until `DeliveryRetention` removes them. @returns whether the account had
   * it
   */
  delete(accountId: number, id: number, audit: Audit): Promise<boolean> {
    return this.database.prisma.$transaction(async (transaction) => {
      const where = { accountId, id };
      const endpoint = await transaction.webhookEndpoint.findFirst({ where });
      const { count } = await transaction.webhookEndpoint.deleteMany({ where });
      if (endpoint && count > 0) await createEvent(transaction, audit(endpoint));
      return count > 0;
    });
  }

  /**
   * Replaces the secret; the previous one stays valid until an instant.
   * @returns whether the account has such an endpoint
   */
  async rotate(
    accountId: number,
    id: number,
    secret: string,
    previousExpiresAt: Date,
    audit: Audit,
  ): Promise<boolean> {
    return this.database.prisma.$transaction(async (transaction) => {
      const count = await transaction.$executeRaw`
        UPDATE webhook_endpoint
        SET previous_secret = secret, previous_secret_expires_at = ${previousExpiresAt.toISOString()}::timestamptz,
          secret = ${secret}, revision = revision + 1
        WHERE account_id = ${accountId} AND id = ${id}`;
      const endpoint = await transaction.webhookEndpoint.findFirst({ where: { accountId, id } });
      if (endpoint && count > 0) await createEvent(transaction, audit(endpoint));
      return count > 0;
    });
  }

  revokePrevious(accountId: number, id: number, audit: Audit): Promise<boolean> {
    const change = { previousSecret: null, previousSecretExpiresAt: null };
    return this.change(accountId, id, change, audit);
  }

  /** Logs what changes nothing. */
  async log(events: readonly AuditEntry[]): Promise<void> {
    if (events.length === 0) return;
    await this.database.prisma.auditEvent.createMany({
      data: events.map(({ details, ...event }) => ({ ...event, details: { ...details } })),
    });
  }

  /** Ends a pause: the next delivery is sent at once. */
  async unpause(id: number): Promise<void> {
    await this.database.prisma.webhookEndpointState.updateMany({
      where: { endpointId: id },
      data: { pausedUntil: null },
    });
  }
}

const forgetFailures = {
  name: 'webhook_forget_failures',
  text: `
    UPDATE webhook_endpoint_state SET failing_since = NULL, consecutive_failures = 0, paused_until = NULL
    WHERE endpoint_id = $1`,
};

function recordOf({ state, ...endpoint }: Row): EndpointRecord {
  return {
    ...endpoint,
    lastSequence: state?.lastSequence ?? 0n,
    failingSince: state?.failingSince ?? null,
    pausedUntil: state?.pausedUntil ?? null,
  };
}
