import type pg from 'pg';
import type { Database } from '../postgres/database.js';
import { toUnavailable } from '../postgres/pg-errors.js';
import {
  deadWorkers,
  deregisterWorkers,
  registerWorker,
  isRegistered,
  takeFromWorkers,
} from './sql/workers.js';

const CHANNEL = 'flowgate_webhook';

/** A worker's place among those of all processes, and its ear for what they tell each other. */
export interface Registration {
  readonly id: number;
  /** Whether nobody took it for dead, as when its connection was lost and it did not hear of that. */
  isBlocked(): Promise<boolean>;
  /** What it still has in hand is taken up by others, once they see that it is gone. */
  leave(): void;
}

/** Which workers live. */
export class WebhookWorkerStore {
  constructor(private readonly database: Database) {}

  /**
   * Takes a place, on a connection of its own: when it breaks, the place is
   * lost, others may take over what the worker had in hand, and `onLost` is called.
   * @param onAccount told of an account whose endpoints changed or have something waiting
   */
  async register(
    onAccount: (accountId: number) => void,
    onLost: () => void,
  ): Promise<Registration> {
    const client = await this.connect();
    try {
      const { rows } = await client.query<{ id: number }>(registerWorker);
      const id = rows[0]!.id;
      client.on('notification', ({ payload }) => onAccount(Number(payload)));
      let isOpen = true;
      const leave = (): void => {
        if (isOpen) client.release(true);
        isOpen = false;
      };
      client.on('error', () => {
        if (!isOpen) return;
        leave();
        onLost();
      });
      await client.query(`LISTEN ${CHANNEL}`);
      return {
        id,
        isBlocked: async () => (await this.database.query(isRegistered, [id])).length > 0,
        leave,
      };
    } catch (error) {
      client.release(true);
      throw toUnavailable(error);
    }
  }

  /** Tells all workers, this process's too. */
  async tell(accountId: number): Promise<void> {
    await this.database.query(
      { name: 'webhook_tell', text: `SELECT pg_notify('${CHANNEL}', $1::text)` },
      [accountId],
    );
  }

  /** Gives back what dead workers had in hand. */
  async reclaim(): Promise<void> {
    const dead = (await this.database.query<{ id: number }>(deadWorkers, [])).map(({ id }) => id);
    if (dead.length === 0) return;
    await this.database.transaction(async (transaction) => {
      // Waits for what they are about to take up; what is taken up after it is nothing.
      await transaction.query(deregisterWorkers, [dead]);
      await transaction.query(takeFromWorkers, [dead]);
    });
  }

  private async connect(): Promise<pg.PoolClient> {
    try {
      return await this.database.pool.connect();
    } catch (error) {
      throw toUnavailable(error);
    }
  }
}
