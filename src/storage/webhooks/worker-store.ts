import type pg from 'pg';
import type { Database } from '../postgres/database.js';
import { toUnavailable } from '../postgres/pg-errors.js';
import {
  deadWorkers,
  deregisterWorkers,
  registerWorker,
  isRegistered,
  releaseFromWorkers,
} from './sql/workers.js';

const CHANNEL = 'flowgate_webhook';

/** A worker's lease: while it is valid, no other worker claims what this one has claimed. */
export interface Registration {
  readonly id: number;
  /** False once another worker took this one for dead, as when its connection broke unnoticed. */
  isValid(): Promise<boolean>;
  /** Other workers claim what this one has not released, once they see that it has ended. */
  end(): void;
}

/** The registry of running workers. */
export class WebhookWorkerStore {
  constructor(private readonly database: Database) {}

  /**
   * Registers a worker, on a connection of its own. When the connection breaks the registration is
   * lost, others may claim what the worker had claimed, and `onLost` is called.
   * @param onAccount called with an account whose endpoints have changed
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
      const end = (): void => {
        if (isOpen) client.release(true);
        isOpen = false;
      };
      client.on('error', () => {
        if (!isOpen) return;
        end();
        onLost();
      });
      await client.query(`LISTEN ${CHANNEL}`);
      return {
        id,
        isValid: async () => (await this.database.query(isRegistered, [id])).length > 0,
        end,
      };
    } catch (error) {
      client.release(true);
      throw toUnavailable(error);
    }
  }

  /** Notifies all workers, this process's too. */
  async notify(accountId: number): Promise<void> {
    await this.database.query(
      { name: 'webhook_notify', text: `SELECT pg_notify('${CHANNEL}', $1::text)` },
      [accountId],
    );
  }

  /** Releases what dead workers had claimed. */
  async reclaim(): Promise<void> {
    const dead = (await this.database.query<{ id: number }>(deadWorkers, [])).map(({ id }) => id);
    if (dead.length === 0) return;
    await this.database.transaction(async (transaction) => {
      // Waits for a claim of theirs that is in progress; a later one finds no registration.
      await transaction.query(deregisterWorkers, [dead]);
      await transaction.query(releaseFromWorkers, [dead]);
    });
  }

  private async connect(): Promise<pg.PoolClient> {
    try {
      return await this.database.sessions.connect();
    } catch (error) {
      throw toUnavailable(error);
    }
  }
}
