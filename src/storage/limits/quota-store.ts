import type { Database, Statement } from '../postgres/database.js';

/**
 * A booking counts for the 60 seconds that follow it, by the clock of the database. The row's lock
 * lets one booking of a key at a time see and change the sum. $1 text key, $2 bigint least,
 * $3 bigint wanted, $4 bigint limit
 */
const BOOK: Statement = {
  name: 'book_quota',
  text: `
    INSERT INTO request_quota AS q (key, seconds, amounts, granted)
    SELECT $1, ARRAY[now.second], ARRAY[fresh.granted], fresh.granted
    FROM (SELECT extract(epoch FROM clock_timestamp())::bigint AS second) AS now,
         (SELECT greatest($2::bigint, least($3::bigint, $4::bigint)) AS granted) AS fresh
    ON CONFLICT (key) DO UPDATE SET (seconds, amounts, granted) = (
      SELECT CASE WHEN granted > 0 THEN kept.seconds || kept.now ELSE kept.seconds END,
             CASE WHEN granted > 0 THEN kept.amounts || granted ELSE kept.amounts END,
             granted
      FROM (
        SELECT coalesce(array_agg(booked.second ORDER BY booked.second), '{}') AS seconds,
               coalesce(array_agg(booked.amount ORDER BY booked.second), '{}') AS amounts,
               coalesce(sum(booked.amount), 0)::bigint AS total,
               now.second AS now
        FROM (SELECT extract(epoch FROM clock_timestamp())::bigint AS second) AS now
        LEFT JOIN unnest(q.seconds, q.amounts) AS booked(second, amount)
          ON booked.second > now.second - 60
        GROUP BY now.second
      ) AS kept,
      LATERAL (
        SELECT CASE WHEN kept.total < $4::bigint
               THEN greatest($2::bigint, least($3::bigint, $4::bigint - kept.total)) ELSE 0 END AS granted
      ) AS grant_of
    )
    RETURNING granted::float8 AS granted,
      greatest(1, seconds[1] + 60 - extract(epoch FROM clock_timestamp())::bigint)::int AS "waitSeconds"`,
};

export interface Booking {
  /** 0 where the limit is reached */
  readonly granted: number;
  /** until something is free again, where nothing was granted */
  readonly waitSeconds: number;
}

/** The requests, or costs, of a minute that all instances together may accept of a credential. */
export class QuotaStore {
  constructor(private readonly database: Database) {}

  /**
   * Books part of what the limit leaves: nothing where it is reached, otherwise at least `least` and
   * at most `wanted`.
   */
  async book(
    key: string,
    amounts: { least: number; wanted: number; limit: number },
  ): Promise<Booking> {
    const { least, wanted, limit } = amounts;
    const [booking] = await this.database.credentials.query<Booking & Record<string, unknown>>(
      BOOK,
      [...[key, least, wanted, limit]],
    );
    return booking!;
  }
}
