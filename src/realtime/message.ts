import type { PingIdRange } from '../storage/pings/pings-by-id-range.js';
import { qualityOf, severityOf } from '../storage/pings/quality.js';
import { MAX_PAYLOAD_BYTES } from '../storage/postgres/notifications.js';
import type { StoredPing } from '../storage/pings/stored-ping.js';

/**
 * Recorded pings of an account: the pings themselves where they are few, their ranges where many.
 */
export interface RecordedEvent {
  readonly accountId: number;
  readonly pings: readonly StoredPing[];
  readonly ranges: readonly PingIdRange[];
}

/** The messages between instances. */
export type Message =
  | ({ readonly kind: 'recorded' } & RecordedEvent)
  /** an instance has started, or is stopping and has published everything */
  | { readonly kind: 'hello' | 'bye'; readonly id: number }
  /** on its return, the sender has received everything published before it */
  | { readonly kind: 'fence'; readonly key: string }
  /** recorded pings are omitted: of one account, or undefined: of any */
  | { readonly kind: 'gap'; readonly accountId: number | undefined };

// Instances look up larger batches of one sensor if they have a subscriber: publishing every ping
// of large batches to all instances cost as much as parsing the requests.
const MAX_PINGS_IN_MESSAGE = 5;

type PingItem = [
  id: string,
  sensorId: number,
  at: number,
  flowrate: number,
  recordedAt: number,
  severity?: number,
];
type RangeItem = [
  sensorId: number,
  firstAt: number,
  lastAt: number,
  firstId: string,
  lastId: string,
];
type Body =
  | { a: number; i: (PingItem | RangeItem)[] }
  | { hello: number }
  | { bye: number }
  | { fence: string }
  | { gap: number | null };

/**
 * The items of a message about an account, as text.
 * @param pings of any sensors, each sensor's by id
 */
export function itemsOf(pings: readonly StoredPing[]): string[] {
  const bySensor = new Map<number, StoredPing[]>();
  for (const ping of pings) {
    const known = bySensor.get(ping.sensorId);
    if (known) known.push(ping);
    else bySensor.set(ping.sensorId, [ping]);
  }
  return [...bySensor.values()].flatMap((together) =>
    together.length > MAX_PINGS_IN_MESSAGE
      ? [JSON.stringify(rangeItem(together))]
      : together.map(pingItem),
  );
}

/** How payloads about recorded pings begin, before the account's id. */
const RECORDED = '{"a":';

/** The fewest payloads that hold the items. */
export function pack(accountId: number, items: readonly string[]): string[] {
  const head = `${RECORDED}${accountId},"i":[`;
  const payloads: string[] = [];
  let payload = '';
  for (const item of items) {
    // Items are ASCII: numbers, quotes and brackets.
    if (payload && payload.length + item.length + 3 > MAX_PAYLOAD_BYTES) {
      payloads.push(`${payload}]}`);
      payload = '';
    }
    payload = payload ? `${payload},${item}` : head + item;
  }
  return payload ? [...payloads, `${payload}]}`] : payloads;
}

export function hello(id: number): string {
  return JSON.stringify({ hello: id } satisfies Body);
}

export function bye(id: number): string {
  return JSON.stringify({ bye: id } satisfies Body);
}

export function fence(key: string): string {
  return JSON.stringify({ fence: key } satisfies Body);
}

export function gap(accountId?: number): string {
  return JSON.stringify({ gap: accountId ?? null } satisfies Body);
}

/** The account of a payload about recorded pings, without reading the rest of it; undefined of another one. */
export function accountOf(payload: string): number | undefined {
  if (!payload.startsWith(RECORDED)) return undefined;
  return Number(payload.slice(RECORDED.length, payload.indexOf(',')));
}

/** @returns undefined where it is not a message of Flowgate's */
export function readMessage(payload: string): Message | undefined {
  const body = parse(payload);
  if (!body) return undefined;
  if ('hello' in body) return { kind: 'hello', id: body.hello };
  if ('bye' in body) return { kind: 'bye', id: body.bye };
  if ('fence' in body) return { kind: 'fence', key: body.fence };
  if ('gap' in body) return { kind: 'gap', accountId: body.gap ?? undefined };
  if (!('a' in body)) return undefined;
  return {
    kind: 'recorded',
    accountId: body.a,
    pings: body.i.flatMap((item) => (isPing(item) ? [readPing(item)] : [])),
    ranges: body.i.flatMap((item) => (isPing(item) ? [] : [readRange(item)])),
  };
}

function parse(payload: string): Body | undefined {
  try {
    const body: unknown = JSON.parse(payload);
    return typeof body === 'object' && body !== null ? (body as Body) : undefined;
  } catch {
    return undefined;
  }
}

/** A `PingItem` as JSON: all of it is numbers, but the id. */
function pingItem({ id, sensorId, datetime, flowrate, recordedAt, quality }: StoredPing): string {
  const severity = severityOf(quality);
  const item = `["${id}",${sensorId},${datetime.getTime()},${flowrate},${recordedAt.getTime()}`;
  return severity === null ? `${item}]` : `${item},${severity}]`;
}

function readPing([id, sensorId, at, flowrate, recordedAt, severity]: PingItem): StoredPing {
  return {
    id,
    sensorId,
    datetime: new Date(at),
    flowrate,
    recordedAt: new Date(recordedAt),
    quality: qualityOf(severity ?? null),
  };
}

/** @param pings of one sensor, by id */
function rangeItem(pings: readonly StoredPing[]): RangeItem {
  const first = pings[0] as StoredPing;
  const last = pings.at(-1) as StoredPing;
  let [firstAt, lastAt] = [Infinity, -Infinity];
  for (const { datetime } of pings) {
    const at = datetime.getTime();
    if (at < firstAt) firstAt = at;
    if (at > lastAt) lastAt = at;
  }
  return [first.sensorId, firstAt, lastAt, first.id, last.id];
}

function readRange([sensorId, firstAt, lastAt, leastId, greatestId]: RangeItem): PingIdRange {
  return { sensorId, firstAt, lastAt, leastId, greatestId };
}

function isPing(item: PingItem | RangeItem): item is PingItem {
  return typeof item[0] === 'string';
}
