import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Database } from '../../src/storage/postgres/database.js';
import { END } from '../data.js';
import { LENGTHS, volumePath } from '../requests.js';

/** Another account, whose requests an attack should not delay. */
export interface Tenant {
  readonly url: string;
  /** of a server that no other account uses, and that reads the same database */
  readonly ownUrl: string;
  readonly token: string;
  readonly sensors: readonly number[];
  readonly password: string;
}

/** What a bystander experienced; latencies in milliseconds. */
export interface Experience {
  readonly reads: number[];
  /** the same requests to the account's own server */
  readonly ownReads: number[];
  readonly health: number[];
  /** requests that were not answered as they should be, by kind */
  readonly failed: { reads: number; writes: number; signIns: number };
}

const READ_EVERY_MS = 40;
const WRITE_EVERY_MS = 200;
const HEALTH_EVERY_MS = 50;
const SIGN_IN_EVERY_MS = 500;
const TIMEOUT_MS = 30_000;
/** More than sign in, so that each does so for the first time. */
const USERS = 2000;

/**
 * Makes requests at fixed times, whether or not the earlier ones are answered: a server that stops
 * is found to be slow by all that arrive meanwhile.
 */
export class Bystander {
  private readonly pool: Pool;
  private readonly ownPool: Pool;
  private sent = 0;
  private signIns = 0;

  constructor(private readonly tenant: Tenant) {
    const options = { connections: 256, headersTimeout: TIMEOUT_MS };
    this.pool = new Pool(tenant.url, options);
    this.ownPool = new Pool(tenant.ownUrl, options);
  }

  async experience(milliseconds: number): Promise<Experience> {
    const experience: Experience = {
      reads: [],
      ownReads: [],
      health: [],
      failed: { reads: 0, writes: 0, signIns: 0 },
    };
    const { failed } = experience;
    const pending = new Set<Promise<void>>();
    const every = (interval: number, work: () => Promise<void>) =>
      setInterval(() => {
        const request = work().finally(() => pending.delete(request));
        pending.add(request);
      }, interval);
    const timers = [
      every(READ_EVERY_MS, async () => {
        if ((await this.timed(experience.reads, this.read(this.pool))) !== 200) failed.reads++;
      }),
      every(READ_EVERY_MS, async () => {
        // Not at the same moment as the one above.
        await pause(READ_EVERY_MS / 2);
        await this.timed(experience.ownReads, this.read(this.ownPool));
      }),
      every(WRITE_EVERY_MS, async () => {
        if ((await this.write()) !== 201) failed.writes++;
      }),
      every(HEALTH_EVERY_MS, async () => {
        if ((await this.timed(experience.health, this.status('/healthz'))) !== 200) failed.reads++;
      }),
      every(SIGN_IN_EVERY_MS, async () => {
        if ((await this.signIn()) !== 200) failed.signIns++;
      }),
    ];
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    timers.forEach(clearInterval);
    await Promise.all(pending);
    return experience;
  }

  async close(): Promise<void> {
    await this.pool.destroy();
    await this.ownPool.destroy();
  }

  private async timed(latencies: number[], request: Promise<number>): Promise<number> {
    const startedAt = performance.now();
    const status = await request;
    latencies.push(performance.now() - startedAt);
    return status;
  }

  private read(pool: Pool): Promise<number> {
    const { sensors } = this.tenant;
    const number = this.sent++;
    const path = volumePath(sensors[number % sensors.length]!, LENGTHS['1 year'], number);
    return this.status(path, { pool });
  }

  private write(): Promise<number> {
    const { sensors } = this.tenant;
    const datetime = new Date(END + this.sent++ * 1000).toISOString();
    const body = JSON.stringify({ flowrate: 759.9, datetime });
    return this.status(`/api/v1/flow_sensors/${sensors[0]}/pings/`, { body });
  }

  /** A user signs in for the first time. */
  private signIn(): Promise<number> {
    const { password } = this.tenant;
    const credentials = `${userName(this.signIns++ % USERS)}:${password}`;
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    return this.status('/api/v1/flow_sensors/', { authorization });
  }

  private async status(
    path: string,
    more: { body?: string; authorization?: string; pool?: Pool } = {},
  ): Promise<number> {
    const { body, authorization = `Token ${this.tenant.token}`, pool = this.pool } = more;
    try {
      const response = await pool.request({
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body }),
      });
      await response.body.dump();
      return response.statusCode;
    } catch {
      return 0;
    }
  }
}

/** Creates the users that sign in. */
export async function createUsers(
  database: Database,
  accountId: number,
  passwordHash: string,
): Promise<void> {
  const usernames = Array.from({ length: USERS }, (_, number) => userName(number));
  const data = usernames.map((username) => ({ accountId, username, passwordHash }));
  await database.prisma.user.createMany({ data });
}

function userName(number: number): string {
  return `bystander-${number}`;
}
