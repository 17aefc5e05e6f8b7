import type { Database, Statement } from '../postgres/database.js';

/** $1 int user, $2 bytea hash, $3 timestamptz now */
const REMEMBER: Statement = {
  name: 'remember_network',
  text: `
    INSERT INTO known_network (user_id, hash, last_used_at)
    SELECT id, $2, $3 FROM app_user WHERE id = $1
    ON CONFLICT (user_id, hash) DO UPDATE SET last_used_at = excluded.last_used_at`,
};

/** $1 int user, $2 timestamptz from when networks are kept, $3 int how many are kept */
const FORGET: Statement = {
  name: 'forget_networks',
  text: `
    DELETE FROM known_network WHERE user_id = $1 AND (
      last_used_at < $2 OR last_used_at < (
        SELECT last_used_at FROM known_network WHERE user_id = $1
        ORDER BY last_used_at DESC OFFSET $3 - 1 LIMIT 1))`,
};

/** $1 int user, $2 bytea hash, $3 timestamptz from when it counts */
const IS_KNOWN: Statement = {
  name: 'is_known_network',
  text: `
    SELECT 1 FROM known_network WHERE user_id = $1 AND hash = $2 AND last_used_at >= $3`,
};

/** Keyed hash of a network's address. */
export type NetworkHash = Buffer;

/** The networks that users signed in from. */
export class KnownNetworkStore {
  constructor(private readonly database: Database) {}

  async has(userId: number, hash: NetworkHash, since: Date): Promise<boolean> {
    return (await this.database.credentials.query(IS_KNOWN, [userId, hash, since])).length > 0;
  }

  /** Also forgets those that were last used before `since`, and all but the newest `max`. */
  async add(
    userId: number,
    hash: NetworkHash,
    now: Date,
    { since, max }: { since: Date; max: number },
  ): Promise<void> {
    await this.database.credentials.query(REMEMBER, [userId, hash, now]);
    await this.database.credentials.query(FORGET, [userId, since, max]);
  }
}
