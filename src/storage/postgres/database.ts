import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../generated/prisma/client.js';
import { toUnavailable, isSerializationFailure } from './pg-errors.js';

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
// Two groups of pings at a time, two that wait for sensors, and four deletions.
const MAX_PIPELINES = 8;

// Figures and instants are read as text, which an operator may have set a server to shorten or to write otherwise.
const IN_FULL = '-c TimeZone=UTC -c DateStyle=ISO -c extra_float_digits=1';
// The telemetry statements are written so that one plan is right for every
// parameter: planning them anew each time would cost more than running them.
// That plan is made when a connection first runs one, on tables that may still
// be empty, where a sequential scan looks cheap that is not once they fill.
const PLANNED_ONCE = '-c jit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off';

/** The one way to PostgreSQL: Prisma Client for ordinary records, named statements for telemetry. */
export class Database implements Queryable {
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;
  /** Connections on which a statement may be sent before the last one is answered; they do not take COPY. */
  readonly pipelines: pg.Pool;

  constructor(config: pg.PoolConfig) {
    const settings = {
      max: 16,
      application_name: 'flowgate',
      ...config,
      options: [IN_FULL, PLANNED_ONCE, config.options].filter(Boolean).join(' '),
    };
    this.pool = new pg.Pool(settings);
    this.pipelines = new pg.Pool({ ...settings, max: MAX_PIPELINES, pipeline: true });
    // An idle connection that breaks is replaced at the next query; unheard, it would end the process.
    for (const pool of [this.pool, this.pipelines]) pool.on('error', () => undefined);
    this.prisma = withErrorMapping(new PrismaClient({ adapter: new PrismaPg(this.pool) }));
  }

  async query<Row extends pg.QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    try {
      return await runOn<Row>(this.pool, statement, values);
    } catch (error) {
      throw toUnavailable(error);
    }
  }

  /**
   * Runs `work` in a transaction, again from its start where PostgreSQL gave
   * it up for a deadlock or a serialization failure.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return retryOnConflict(() => attempt(this.pool, (client) => new Transaction(client), work));
  }

  /** The same for work that need not wait for each of its statements, which then take fewer round trips. */
  pipeline<T>(work: (transaction: Pipeline) => Promise<T>): Promise<T> {
    return retryOnConflict(() => attempt(this.pipelines, (client) => new Pipeline(client), work));
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await Promise.all([this.pool.end(), this.pipelines.end()]);
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

  control(command: 'BEGIN' | 'COMMIT'): Promise<unknown> {
    return this.client.query(command);
  }
}

/** One whose statements PostgreSQL runs one after the other, sent as they are. */
export class Pipeline extends Transaction {
  private readonly sent: Promise<unknown>[] = [];
  private isGathering = false;

  override query<Row extends pg.QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    this.gather();
    return super.query(statement, values);
  }

  override control(command: 'BEGIN' | 'COMMIT'): Promise<unknown> {
    this.gather();
    return super.control(command);
  }

  /** For a statement whose rows nobody needs. Where it fails, the transaction does. */
  send(statement: Statement, values: readonly unknown[]): void {
    const answered = this.query(statement, values);
    answered.catch(() => undefined);
    this.sent.push(answered);
  }

  /** @throws what the first of them failed with */
  async answered(): Promise<void> {
    await Promise.all(this.sent);
  }

  /** Lets what is sent before the next event leave in one write: each takes a system call here and wakes PostgreSQL. */
  private gather(): void {
    if (this.isGathering) return;
    const { stream } = this.client.connection;
    stream.cork();
    this.isGathering = true;
    process.nextTick(() => {
      this.isGathering = false;
      stream.uncork();
    });
  }
}

async function retryOnConflict<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (attempts === MAX_ATTEMPTS || !isSerializationFailure(error)) throw toUnavailable(error);
    }
  }
}

async function attempt<T, Of extends Transaction>(
  pool: pg.Pool,
  transactionOn: (client: pg.PoolClient) => Of,
  work: (transaction: Of) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Between two statements nothing else hears that the connection broke; unheard, it would end the process.
  const onError = (error: Error) => {
    broken ??= error;
  };
  client.on('error', onError);
  try {
    const transaction = transactionOn(client);
    const begun = transaction.control('BEGIN');
    begun.catch(() => undefined);
    const result = await work(transaction);
    // After a statement that failed PostgreSQL takes it for ROLLBACK.
    const committed = transaction.control('COMMIT');
    committed.catch(() => undefined);
    await begun;
    if (transaction instanceof Pipeline) await transaction.answered();
    await committed;
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(onError);
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
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
function withErrorMapping(client: PrismaClient): PrismaClient {
  const telling = client.$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          return (await query(args)) as unknown;
        } catch (error) {
          throw toUnavailable(error);
        }
      },
    },
  });
  // An extended client lacks only $on, which nothing here listens to.
  return telling as unknown as PrismaClient;
}
