import { ThinnedPingsError } from '../pings/thinned-pings-error.js';
import type { Statement, Transaction } from '../postgres/database.js';
import { ALL_START } from '../summaries/sql/level.js';

type Setting = 'maxGap' | 'method' | 'meterFactor';

/** $1 int account id */
const lastThinned: Statement = {
  name: 'last_thinned',
  text: 'SELECT max(thinned_until) AS until FROM flow_sensor WHERE account_id = $1',
};

/**
 * Volumes of several sensors are cut where the method or the meter factor of any of them changes: no cut may lie among
 * thinned pings, whichever sensor they are of.
 * @throws ThinnedPingsError
 */
export async function refuseThinned(
  transaction: Transaction,
  accountId: number,
  { maxGap, method, meterFactor }: Readonly<Partial<Record<Setting, unknown>>>,
  effectiveFrom: Date,
): Promise<void> {
  if ((maxGap ?? method ?? meterFactor) === undefined) return;
  if (effectiveFrom <= new Date(ALL_START)) return;
  const [row] = await transaction.query<{ until: Date | null }>(lastThinned, [accountId]);
  if (row?.until && effectiveFrom < row.until) {
    throw new ThinnedPingsError('effectiveFrom', effectiveFrom, row.until);
  }
}
