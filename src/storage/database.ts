import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.js';
import { asAway, isSerializationFailure } from './failure.js';

/** A named statement with its parameters as $1, $2, …; the name makes it prepared once a connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** What statements run on: the database at large, or one transaction of it. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]>;
}

const MAX_ATTEMPTS = 10;

// The telemetry statements are written so that one plan is right for every
// parameter: planning them anew each time would cost more than running them.
// That plan is made when a connection first runs one, on tables that may still
// be empty, where a sequential scan looks cheap that is not once they fill.
const SESSION_OPTIONS =
  '-c TimeZone=UTC -c jit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off';

/** The one way to PostgreSQL: Prisma Client for ordinary records, named statements for telemetry. */
export class Database implements Queryable {
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;

  constructor(config: pg.PoolConfig) {
    this.pool = new pg.Pool({
      max: 16,
      application_name: 'flowgate',
      ...config,
      options: [SESSION_OPTIONS, config.options].filter(Boolean).join(' '),
    });
    // An idle connection that breaks is replaced at the next query; unheard, it would end the process.
    this.pool.on('error', () => undefined);
    this.prisma = tellingAway(new PrismaClient({ adapter: new PrismaPg(this.pool) }));
  }

  async query<Row extends pg.QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    try {
      return await runOn<Row>(this.pool, statement, values);
    } catch (error) {
      throw asAway(error);
    }
  }

  /**
   * Runs `work` in a transaction, again from its start where PostgreSQL gave
   * it up for a deadlock or a serialization failure.
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isSerializationFailure(error)) throw asAway(error);
      }
    }
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }

  private async attempt<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    // Between two statements nothing else hears that the connection broke; unheard, it would end the process.
    const onError = (error: Error) => {
      broken ??= error;
    };
    client.on('error', onError);
    try {
      await client.query('BEGIN');
      const result = await work(new Transaction(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(onError);
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }
}

/** One open transaction. */
export class Transaction implements Queryable {
  constructor(readonly client: pg.PoolClient) {}

  query<Row extends pg.QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    return runOn<Row>(this.client, statement, values);
  }
}

async function runOn<Row extends pg.QueryResultRow>(
  connection: pg.Pool | pg.PoolClient,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await connection.query<Row>({ name, text, values: values as unknown[] });
  return rows;
}

/** The same client, whose operations fail with DatabaseAwayError where that is what it means. */
function tellingAway(client: PrismaClient): PrismaClient {
  const telling = client.$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          return (await query(args)) as unknown;
        } catch (error) {
          throw asAway(error);
        }
      },
    },
  });
  // An extended client lacks only $on, which nothing here listens to.
  return telling as unknown as PrismaClient;
}
