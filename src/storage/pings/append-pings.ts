import { int4Array, int8Array } from '../postgres/binary-array.js';
import type { Database, Transaction } from '../postgres/database.js';
import {
  appendable,
  appendParameters,
  pingParameters,
  sensorParameters,
  type Appendable,
  type AppendedPings,
} from './append-parameters.js';
import {
  appendOnNode,
  prepareAppend,
  type PrepareAppendRow,
  type SensorPlace,
} from './sql/append-on-node.js';
import { appendPings, type AppendRow } from './sql/append-pings.js';

/** Of the pings of one request, in their order. */
export interface AppendedIds {
  readonly pingIds: readonly string[];
  readonly recordedAt: Date;
}

/**
 * What became of the pings of one request: undefined where there is more to them, and nothing is changed; an error where the
 * node that has them could not be asked.
 */
export type Appended = AppendedIds | { readonly error: unknown } | undefined;

/**
 * Records good pings of several requests, of sensors without checks that nothing else has locked, after the last
 * stored one of each: in one statement, on a cluster in one for each node, and durably once this has resolved.
 */
export async function append(
  database: Database,
  requests: readonly AppendedPings[],
): Promise<readonly Appended[]> {
  const found = appendable(requests);
  if (!found) return none(requests);
  const appended = await database.alone(async (transaction) =>
    transaction.isOnCluster ? undefined : appendOnServer(transaction, requests, found),
  );
  return appended ?? appendOnCluster(database, requests, found);
}

function none(requests: readonly AppendedPings[]): undefined[] {
  return requests.map(() => undefined);
}

async function appendOnServer(
  transaction: Transaction,
  requests: readonly AppendedPings[],
  found: Appendable,
): Promise<readonly Appended[]> {
  const [row] = await transaction.query<AppendRow>(appendPings, appendParameters(requests, found));
  const { ping_ids = null, recorded_at = null } = row ?? {};
  if (ping_ids === null || recorded_at === null) return none(requests);
  const recordedAt = new Date(recorded_at);
  return inRequests(requests, ping_ids).map((pingIds) => ({ pingIds, recordedAt }));
}

/** @param pingIds of all pings, comma-separated */
function inRequests(requests: readonly AppendedPings[], pingIds: string): string[][] {
  const ids = pingIds.split(',');
  let next = 0;
  return requests.map(({ pings }) => ids.slice(next, (next += pings.length)));
}

/**
 * Each node appends what it has by itself; nothing is appended where a request has sensors of several nodes, or where
 * events are to be delivered, which the coordinator has to write in the same transaction.
 */
async function appendOnCluster(
  database: Database,
  requests: readonly AppendedPings[],
  found: Appendable,
): Promise<readonly Appended[]> {
  const [prepared] = await database.alone((transaction) =>
    transaction.query<PrepareAppendRow>(prepareAppend, [
      int4Array(found.sensors.map(({ sensorId }) => sensorId)),
      found.pings.length,
      int4Array([...new Set(requests.map(({ accountId }) => accountId))]),
    ]),
  );
  const { ping_ids, is_outbox_used, places } = prepared!;
  // A sensor that is at several places is written at all of them.
  if (is_outbox_used || places?.length !== found.sensors.length) return none(requests);
  const placeOf = new Map(places.map((place) => [place.sensorId, place]));
  const nodes = requests.map((request) => nodeOf(request, placeOf));
  if (nodes.includes(undefined)) return none(requests);
  const ids = ping_ids.split(',');
  const answers = new Map(
    [...new Set(nodes)].map((node) => {
      const isHere = (sensorId: number) => placeOf.get(sensorId)!.nodeId === node;
      const parameters = parametersOfNode(found, placeOf, ids, isHere);
      const answer = database.alone((transaction) =>
        transaction.query<{ recorded_at: number | null }>(appendOnNode, parameters),
      );
      return [node, answer] as const;
    }),
  );
  const pingIds = inRequests(requests, ping_ids);
  return Promise.all(
    nodes.map(async (node, index) => {
      try {
        const [row] = await answers.get(node)!;
        const recordedAt = row?.recorded_at ?? null;
        return recordedAt === null
          ? undefined
          : { pingIds: pingIds[index]!, recordedAt: new Date(recordedAt) };
      } catch (error) {
        return { error };
      }
    }),
  );
}

/** The node that has all sensors of a request; undefined where there is none. */
function nodeOf(
  { pings }: AppendedPings,
  placeOf: ReadonlyMap<number, SensorPlace>,
): number | undefined {
  const nodes = new Set(pings.map(({ sensorId }) => placeOf.get(sensorId)!.nodeId));
  return nodes.size === 1 ? [...nodes][0] : undefined;
}

function parametersOfNode(
  found: Appendable,
  placeOf: ReadonlyMap<number, SensorPlace>,
  ids: readonly string[],
  isHere: (sensorId: number) => boolean,
): unknown[] {
  const sensors = found.sensors.filter(({ sensorId }) => isHere(sensorId));
  const pings = found.pings.filter(({ sensorId }) => isHere(sensorId));
  return [
    sensors[0]!.sensorId,
    int8Array(sensors.map(({ sensorId }) => placeOf.get(sensorId)!.shardId)),
    ...sensorParameters(sensors),
    ...pingParameters(pings),
    int8Array(pings.map(({ rank }) => ids[rank - 1]!)),
  ];
}
