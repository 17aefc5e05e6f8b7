import type pg from 'pg';
import type { Database } from './database.js';
import { asAway } from './failure.js';
import {
  deadWorkers,
  dischargeWorker,
  enlistWorker,
  takeFromWorkers,
} from './sql/webhook-queue.js';

const CHANNEL = 'flowgate_webhook';

/** A worker's place among those of all processes, and its ear for what they tell each other. */
export interface Enlisted {
  readonly id: number;
  discharge(): Promise<void>;
}

/** Which workers live. */
export class WebhookWorkers {
  constructor(private readonly database: Database) {}

  /**
   * Takes a place, on a connection of its own: when it breaks, the place is
   * lost, others may take over what the worker had in hand, and `onLost` is called.
   * @param onAccount told of an account whose endpoints changed or have something waiting
   */
  async enlist(onAccount: (accountId: number) => void, onLost: () => void): Promise<Enlisted> {
    const client = await this.connect();
    try {
      const { rows } = await client.query<{ id: number }>(enlistWorker);
      const id = rows[0]!.id;
      client.on('notification', ({ payload }) => onAccount(Number(payload)));
      let discharged = false;
      client.on('error', () => {
        if (discharged) return;
        discharged = true;
        client.release(true);
        onLost();
      });
      await client.query(`LISTEN ${CHANNEL}`);
      return {
        id,
        discharge: async () => {
          if (discharged) return;
          discharged = true;
          await client.query(dischargeWorker, [id]).catch(() => undefined);
          client.release(true);
        },
      };
    } catch (error) {
      client.release(true);
      throw asAway(error);
    }
  }

  /** Tells all workers, this process's too. */
  async tell(accountId: number): Promise<void> {
    await this.database.query(
      { name: 'webhook_tell', text: `SELECT pg_notify('${CHANNEL}', $1::text)` },
      [accountId],
    );
  }

  /** Gives back what dead workers had in hand. @returns whether there was one */
  async relieve(): Promise<boolean> {
    const dead = await this.database.query<{ id: number }>(deadWorkers, []);
    if (dead.length === 0) return false;
    await this.database.query(takeFromWorkers, [dead.map(({ id }) => id)]);
    return true;
  }

  private async connect(): Promise<pg.PoolClient> {
    try {
      return await this.database.pool.connect();
    } catch (error) {
      throw asAway(error);
    }
  }
}
