import { int4Array, int8Array } from '../postgres/binary-array.js';
import type { Database, Pipeline, Transaction } from '../postgres/database.js';
import {
  pingParameters,
  sensorParameters,
  type Appendable,
  type AppendedPings,
} from './append-parameters.js';
import { inserted, none, numbered, type Appended, type NumberedRequest } from './appended.js';
import type { PingChanges, PingOutbox } from './ping-outbox.js';
import {
  appendOnNode,
  prepareAppend,
  prepareNode,
  UNPREPARED,
  type PrepareAppendRow,
  type SensorPlace,
} from './sql/append-on-node.js';
import type { StoredPing } from './stored-ping.js';

/** What one node appends. */
interface Part {
  readonly node: number;
  /** of `prepareNode` */
  readonly place: readonly unknown[];
  /** of `appendOnNode` */
  readonly parameters: readonly unknown[];
}

/**
 * Each node appends what it has by itself; where a request has sensors of several nodes, or events are to be delivered, all
 * do in one transaction.
 */
export async function appendOnCluster(
  database: Database,
  outbox: PingOutbox,
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
  const { places, is_outbox_used } = prepared!;
  // A sensor that is at several places is written at all of them.
  if (places?.length !== found.sensors.length) return none(requests);
  const placeOf = new Map(places.map((place) => [place.sensorId, place]));
  const nodeOf = (sensorId: number) => placeOf.get(sensorId)!.nodeId;
  const asked = numbered(requests, prepared!.ping_ids);
  const ids = asked.flatMap((request) => request.ids);
  const parts = [...new Set(places.map(({ nodeId }) => nodeId))].map((node) =>
    partOf(node, found, placeOf, ids),
  );
  const isOfOne = ({ pings }: AppendedPings) =>
    pings.every(({ sensorId }) => nodeOf(sensorId) === nodeOf(pings[0]!.sensorId));
  if (!is_outbox_used && asked.every(isOfOne)) return apart(database, parts, asked, nodeOf);
  const appended = await together(database, parts, (transaction, recordedAt) => {
    const all = asked.map((each) =>
      inserted(each, (sensorId) => recordedAt.get(nodeOf(sensorId))!),
    );
    if (is_outbox_used) outbox.enqueue(transaction, changesOf(asked, all.flat()));
    return all;
  });
  return appended?.map((each) => ({ inserted: each })) ?? none(requests);
}

function partOf(
  node: number,
  found: Appendable,
  placeOf: ReadonlyMap<number, SensorPlace>,
  ids: readonly string[],
): Part {
  const isHere = ({ sensorId }: { sensorId: number }) => placeOf.get(sensorId)!.nodeId === node;
  const sensors = found.sensors.filter(isHere);
  const pings = found.pings.filter(isHere);
  const place = [
    sensors[0]!.sensorId,
    int8Array(sensors.map(({ sensorId }) => placeOf.get(sensorId)!.shardId)),
  ];
  const pingIds = int8Array(pings.map(({ rank }) => ids[rank - 1]!));
  return {
    node,
    place,
    parameters: [...place, ...sensorParameters(sensors), ...pingParameters(pings), pingIds],
  };
}

/** Each node in a transaction of its own. */
function apart(
  database: Database,
  parts: readonly Part[],
  requests: readonly NumberedRequest[],
  nodeOf: (sensorId: number) => number,
): Promise<Appended[]> {
  const answers = new Map(
    parts.map((part) => [part.node, database.alone((transaction) => ask(transaction, part))]),
  );
  return Promise.all(
    requests.map(async (request) => {
      try {
        const recordedAt = await answers.get(nodeOf(request.pings[0]!.sensorId))!;
        return recordedAt && { inserted: inserted(request, () => recordedAt) };
      } catch (error) {
        return { error };
      }
    }),
  );
}

async function ask(transaction: Transaction, part: Part): Promise<Date | undefined> {
  let recordedAt = await askOnce(transaction, part);
  if (recordedAt === UNPREPARED) {
    await transaction.query(prepareNode, part.place);
    recordedAt = await askOnce(transaction, part);
  }
  return isRecorded(recordedAt) ? new Date(recordedAt) : undefined;
}

async function askOnce(transaction: Transaction, { parameters }: Part): Promise<number | null> {
  const [row] = await transaction.query<{ recorded_at: number | null }>(appendOnNode, parameters);
  return row!.recorded_at;
}

function isRecorded(recordedAt: number | null): recordedAt is number {
  return recordedAt !== null && recordedAt !== UNPREPARED;
}

class NotAppendedError extends Error {}

/**
 * All nodes in one transaction.
 * @param follow what else is part of it, given when each node recorded its pings
 * @returns undefined, and nothing is changed, where one has not
 */
async function together<T>(
  database: Database,
  parts: readonly Part[],
  follow: (transaction: Pipeline, recordedAt: ReadonlyMap<number, Date>) => T,
): Promise<T | undefined> {
  try {
    return await database.pipeline(async (transaction) => {
      const askAll = () => Promise.all(parts.map((part) => askOnce(transaction, part)));
      let answers = await askAll();
      if (answers.includes(UNPREPARED)) {
        // A transaction that prepares sessions cannot be committed on several nodes.
        await transaction.client.query('ROLLBACK');
        for (const { place } of parts) await transaction.query(prepareNode, place);
        await transaction.client.query('BEGIN');
        answers = await askAll();
      }
      const recordedAt = new Map<number, Date>();
      answers.forEach((answer, index) => {
        if (!isRecorded(answer)) throw new NotAppendedError();
        recordedAt.set(parts[index]!.node, new Date(answer));
      });
      return follow(transaction, recordedAt);
    });
  } catch (error) {
    if (error instanceof NotAppendedError) return undefined;
    throw error;
  }
}

function changesOf(
  requests: readonly NumberedRequest[],
  pings: readonly StoredPing[],
): PingChanges {
  const traceparents = new Map<string, string>();
  for (const { ids, traceparent } of requests) {
    if (traceparent !== undefined) for (const id of ids) traceparents.set(id, traceparent);
  }
  return {
    inserted: pings,
    corrections: [],
    traceparents: traceparents.size > 0 ? traceparents : undefined,
  };
}
