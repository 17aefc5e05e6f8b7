import { Mirror, type MirrorState } from '../domain/transfer/mirror.js';
import type { Principal } from '../domain/shared/principal.js';
import type { Log } from '../http/log.js';
import type { Database } from '../storage/postgres/database.js';
import { SharedSession } from '../storage/postgres/shared-session.js';
import { SyncedSensorStore } from '../storage/transfer/synced-sensor-store.js';
import { UpstreamClient } from '../upstream/upstream-client.js';
import type { UpstreamConfig } from '../upstream/upstream-config.js';
import type { HookReceiver } from '../rest/ingest/flowcommand-hook.js';
import type { Domain } from './domain.js';
import { Mirroring, type MirroringPeers } from './mirroring.js';

export interface MirrorsParts {
  readonly database: Database;
  readonly log: Log;
  readonly services: Domain;
  readonly peers?: MirroringPeers | undefined;
}

/** Builds the mirrors of upstreams. */
export function createMirrors(
  upstreams: readonly UpstreamConfig[],
  { database, log, services, peers }: MirrorsParts,
): Mirrors {
  const locks = new SharedSession(database.sessions);
  const store = new SyncedSensorStore(database);
  const { accounts, sync, pings, volumes, clock } = services;
  const all = upstreams.map(({ name, url, token, account, secret, pollMs }) => {
    const abort = new AbortController();
    const mirror = new Mirror({
      // Mirroring itself tries again, later.
      upstream: new UpstreamClient(url, token, { maxAttempts: 1, signal: abort.signal }),
      principal: () => accounts.operatorIn({ name: account }),
      ...{ name, store, sync, pings, volumes, clock },
    });
    const mirroring = new Mirroring({ log, mirror, locks, account, pollMs, abort, peers });
    return { name, secret, mirroring };
  });
  return new Mirrors(all);
}

/** The mirrors of all upstreams. Each copies by itself, so that one that is down delays no other. */
export class Mirrors {
  constructor(
    private readonly all: readonly {
      readonly name: string;
      readonly secret: string | undefined;
      readonly mirroring: Mirroring;
    }[],
  ) {}

  start(): void {
    for (const { mirroring } of this.all) mirroring.start();
  }

  /** To be called with the state of a mirror in the process that copies, where this one does not. */
  follow(state: MirrorState): void {
    this.named(state.name)?.follow(state);
  }

  /** @param name of the upstream */
  copyNow(name: string): void {
    this.named(name)?.copyNow();
  }

  get states(): MirrorState[] {
    return this.all.map(({ mirroring }) => mirroring.state);
  }

  /** Those of the principal's account. */
  statesFor(principal: Principal): MirrorState[] {
    return this.all.flatMap(({ mirroring }) => mirroring.stateFor(principal) ?? []);
  }

  /** Of the upstreams whose webhook's secret is known. */
  get receivers(): HookReceiver[] {
    return this.all.flatMap(({ secret, mirroring }) =>
      secret === undefined ? [] : [{ secret, receive: (ping) => mirroring.receive(ping) }],
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(({ mirroring }) => mirroring.close()));
  }

  private named(name: string): Mirroring | undefined {
    return this.all.find((each) => each.name === name)?.mirroring;
  }
}
