import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Domain } from '../../src/composition/domain.js';
import type { Authenticator } from '../../src/domain/auth/authenticator.js';
import { systemClock, type Clock } from '../../src/domain/shared/clock.js';
import type { Principal, Scope } from '../../src/domain/shared/principal.js';
import { createGraphQL, type GraphQLTransport } from '../../src/graphql/server.js';
import { SubscriptionLimits } from '../../src/graphql/subscriptions/subscription-limits.js';
import { BodyBudget } from '../../src/http/body-budget.js';
import { RequestAuthenticator } from '../../src/http/request-authenticator.js';
import { RequestOrigin } from '../../src/http/request-origin.js';
import type { Realtime } from '../../src/realtime/realtime.js';
import { accountServices } from './accounts.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { createTestDomain } from './domain.js';

export interface GraphQLAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: any;
  readonly errors: { message: string; path?: (string | number)[]; extensions: any }[];
  readonly extensions: any;
}

/** One instance of the server, with only its GraphQL transport. */
export interface GraphQLInstance {
  readonly url: string;
  readonly server: Server;
  readonly services: Domain;
  readonly authenticator: Authenticator;
  readonly transport: GraphQLTransport;
  readonly realtime: Realtime;
  /** failures of the server, as they would be logged */
  readonly failures: unknown[];
  query(token: string, query: string, variables?: object): Promise<GraphQLAnswer>;
  /** `data` of an answer without errors */
  ask(token: string, query: string, variables?: object): Promise<any>;
  post(body: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export interface Tenant {
  readonly principal: Principal;
  /** tokens' keys */
  readonly reader: string;
  readonly ingester: string;
  readonly admin: string;
}

export interface InstanceOptions {
  readonly clock?: Clock;
  readonly rateLimit?: number;
  readonly costLimit?: number;
  readonly maxSubscriptions?: { perCredential: number; perAccount: number };
  readonly maxPings?: number;
  readonly maxBodyBytes?: number;
}

export async function startGraphQL(
  { database }: TestDatabase,
  options: InstanceOptions = {},
): Promise<GraphQLInstance> {
  const { clock = systemClock, rateLimit = 0, costLimit = 0, maxPings = 100_000 } = options;
  const failures: unknown[] = [];
  const report = (error: unknown) => void failures.push(error);
  const services = createTestDomain(database, { clock, rateLimit, costLimit, onError: report });
  const { authenticator, limiter, costLimiter, realtime } = services;
  await realtime.start();
  const transport = await createGraphQL({
    services: { ...services, maxPings },
    authenticator,
    limiter,
    costLimiter,
    requestAuthenticator: new RequestAuthenticator({
      authenticator,
      limiter,
      origin: new RequestOrigin([]),
    }),
    subscriptionGate: new SubscriptionLimits(
      options.maxSubscriptions ?? { perCredential: 0, perAccount: 0 },
    ),
    bodies: new BodyBudget(2 ** 30),
    maxBodyBytes: options.maxBodyBytes ?? 32 * 2 ** 20,
    stallMs: 30_000,
    report,
  });
  const app = express().use('/graphql', transport.router);
  const server = createServer(app);
  transport.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    });
  const query = async (token: string, text: string, variables?: object) => {
    const response = await post(JSON.stringify({ query: text, variables }), {
      Authorization: `Token ${token}`,
    });
    const { data, errors = [], extensions } = await response.json();
    const { status, headers } = response;
    return { status, headers, data, errors, extensions };
  };
  return {
    url,
    server,
    services,
    authenticator,
    transport,
    failures,
    post,
    query,
    ask: async (token, text, variables) => {
      const { data, errors } = await query(token, text, variables);
      if (errors.length > 0) throw new Error(JSON.stringify(errors));
      return data;
    },
    realtime,
    close: async () => {
      await transport.endSockets();
      realtime.feed.endSubscriptions();
      await closeServer(server);
      await transport.close();
      await realtime.close();
      await authenticator.close();
    },
  };
}

/** An account with a token of each scope. */
export async function createTenant({ database }: TestDatabase, name: string): Promise<Tenant> {
  const { accounts, tokens } = accountServices(database);
  await accounts.create(name);
  const principal = await accounts.operatorIn({ name });
  const key = async (scope: Scope) =>
    (await tokens.create(principal, { name: `${name} ${scope}`, scopes: [scope] })).key;
  return {
    principal,
    reader: await key('READ'),
    ingester: await key('INGEST'),
    admin: await key('ADMIN'),
  };
}

export interface GraphQLWorld {
  readonly test: TestDatabase;
  readonly instance: GraphQLInstance;
  readonly ours: Tenant;
  readonly theirs: Tenant;
  close(): Promise<void>;
}

/** A database with two accounts, and a server on it. */
export async function createWorld(options: InstanceOptions = {}): Promise<GraphQLWorld> {
  const test = await createTestDatabase();
  const instance = await startGraphQL(test, options);
  return {
    test,
    instance,
    ours: await createTenant(test, 'ours'),
    theirs: await createTenant(test, 'theirs'),
    close: async () => {
      await instance.close();
      await test.drop();
    },
  };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
