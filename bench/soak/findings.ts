import type { Database } from '../../src/storage/postgres/database.js';
import { runFlowgate } from '../processes.js';
import { figure } from '../report.js';
import { CHANNELS, type Ledger } from './ledger.js';

/** The id of the newest ping. */
export async function newestPing(database: Database): Promise<string> {
  const { rows } = await database.pool.query<{ id: string }>('SELECT max(id) AS id FROM ping');
  return rows[0]!.id;
}

export interface Soaked {
  readonly database: Database;
  /** in the form of DATABASE_URL */
  readonly url: string;
  readonly ledger: Ledger;
  /** id of the newest ping before the soak began */
  readonly lastId: string;
}

/**
 * Checks that each acknowledged ping was stored and reported once, and that the summaries match the
 * pings.
 */
export async function findings({ database, url, ledger, lastId }: Soaked): Promise<string> {
  const { rows } = await database.pool.query<{ count: number; flowrates: number }>(
    'SELECT count(*)::int, coalesce(sum(flowrate), 0) AS flowrates FROM ping WHERE id > $1',
    [lastId],
  );
  const [{ count, flowrates }] = rows as [(typeof rows)[0]];
  const summariesAreRight = await runFlowgate(url, ['rollup', 'check']).then(
    () => true,
    () => false,
  );
  const { count: acknowledged } = ledger;
  const reported = CHANNELS.map((each) => finding(each, ledger.errorCount(each) === 0));
  return [
    `${figure(acknowledged)} pings were acknowledged`,
    finding('each is stored once', acknowledged > 0 && count === acknowledged),
    finding('with the flowrate last sent', flowrates === ledger.flowrates),
    `reported once by ${reported.join(', ')}`,
    finding('the summaries are right', summariesAreRight),
  ].join(', ');
}

function finding(what: string, isSo: boolean): string {
  return `${what} ${isSo ? '✓' : '✗'}`;
}
