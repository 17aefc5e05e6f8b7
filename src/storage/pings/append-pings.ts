import type { Database, Transaction } from '../postgres/database.js';
import { appendOnCluster } from './append-on-cluster.js';
import {
  appendable,
  appendParameters,
  type Appendable,
  type AppendedPings,
} from './append-parameters.js';
import { inserted, none, numbered, type Appended } from './appended.js';
import type { ClaimOffer, PingOutbox } from './ping-outbox.js';
import { appendAndClaim, type AppendAndClaimRow } from './sql/append-and-claim.js';
import { appendPings, type AppendRow } from './sql/append-pings.js';

/** More of them gain nothing on one server by being one statement; on a cluster they do. */
const MAX_ON_SERVER = 4000;

/** Whether there are too many pings to append on one server. */
function isLong(requests: readonly Pick<AppendedPings, 'pings'>[]): boolean {
  return requests.reduce((count, { pings }) => count + pings.length, 0) > MAX_ON_SERVER;
}

/**
 * Records good pings of several requests, of sensors without checks that nothing else has locked, after the last
 * stored one of each: in one statement, on a cluster in one for each node, and durably once this has resolved.
 *
 * @returns undefined where they cannot be appended whatever is stored
 */
export async function append(
  database: Database,
  outbox: PingOutbox,
  requests: readonly AppendedPings[],
): Promise<readonly Appended[] | undefined> {
  // On one server a long batch would be sorted for nothing.
  const long = isLong(requests);
  const short = long ? undefined : appendable(requests);
  if (!long && !short) return undefined;
  const [isOnCluster, appended] = await database.alone(async (transaction) => {
    if (transaction.isOnCluster) return [true] as const;
    return [false, short && (await appendOnServer(transaction, outbox, requests, short))] as const;
  });
  if (!isOnCluster) return appended;
  const found = short ?? appendable(requests);
  return found && appendOnCluster(database, outbox, requests, found);
}

async function appendOnServer(
  transaction: Transaction,
  outbox: PingOutbox,
  requests: readonly AppendedPings[],
  found: Appendable,
): Promise<readonly Appended[]> {
  const offer = outbox.offer(requests);
  if (offer) return appendAndClaimOnServer(transaction, requests, found, offer);
  const [row] = await transaction.query<AppendRow>(appendPings, appendParameters(requests, found));
  return appendedOf(requests, row!, false);
}

async function appendAndClaimOnServer(
  transaction: Transaction,
  requests: readonly AppendedPings[],
  found: Appendable,
  offer: ClaimOffer,
): Promise<readonly Appended[]> {
  let row: AppendAndClaimRow | undefined;
  try {
    const values = [...appendParameters(requests, found), ...offer.parameters];
    [row] = await transaction.query<AppendAndClaimRow>(appendAndClaim, values);
  } catch (error) {
    offer.failed(error);
    throw error;
  }
  offer.committed(row!.claimed ?? []);
  return appendedOf(requests, row!, true);
}

function appendedOf(
  requests: readonly AppendedPings[],
  { ping_ids, recorded_at }: AppendRow,
  isAnnounced: boolean,
): readonly Appended[] {
  if (ping_ids === null || recorded_at === null) return none(requests);
  const recordedAt = new Date(recorded_at);
  return numbered(requests, ping_ids).map((request) => ({
    inserted: inserted(request, () => recordedAt),
    isAnnounced,
  }));
}
