import type { Database, Statement } from '../postgres/database.js';

/** $1 int account id, $2 text broker, $3 jsonb state */
const writeState: Statement = {
  name: 'write_broker_state',
  text: `
    INSERT INTO broker_state (account_id, broker, state, reported_at) VALUES ($1, $2, $3, clock_timestamp())
    ON CONFLICT (account_id, broker) DO UPDATE SET state = excluded.state, reported_at = excluded.reported_at`,
};

/** $1 int account id, $2 text broker */
const readState: Statement = {
  name: 'read_broker_state',
  text: `
    SELECT state, extract(epoch FROM clock_timestamp() - reported_at)::float8 AS "ageSeconds"
    FROM broker_state WHERE account_id = $1 AND broker = $2`,
};

/** What an instance that is connected to a broker reported of the connection. */
export interface ReportedState {
  readonly state: unknown;
  readonly ageSeconds: number;
}

/** The connections to brokers, for the instances that have none. */
export class BrokerStateStore {
  constructor(private readonly database: Database) {}

  /** @param state JSON */
  async write(accountId: number, broker: string, state: string): Promise<void> {
    await this.database.query(writeState, [accountId, broker, state]);
  }

  async read(accountId: number, broker: string): Promise<ReportedState | undefined> {
    const [row] = await this.database.query<ReportedState & Record<string, unknown>>(readState, [
      ...[accountId, broker],
    ]);
    return row;
  }
}
