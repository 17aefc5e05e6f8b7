import { float8Array, int4Array, int8Array, timestamptzArray } from '../postgres/binary-array.js';
import type { Pipeline } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { PingChanges } from './ping-outbox.js';
import { severityOf, type Quality, type StoredSeverity } from './quality.js';
import { findLastBad, raiseLastBad } from '../summaries/sql/last-bad.js';
import { HOUR } from '../summaries/sql/level.js';
import { clearInstants, refreshInstants } from '../summaries/sql/refresh-summaries.js';
import {
  correctPings,
  insertPings,
  insertPingsOfQuality,
  logRevisions,
  logRevisionsOfTotalizers,
} from './sql/write-pings.js';
import type { LateInsertion, PingCorrection, PingKey, StoredPing } from './stored-ping.js';

export function insert(
  transaction: Pipeline,
  pings: readonly StoredPing[],
  recordedAt: Date,
): void {
  const values = [
    ...columns(pings),
    float8Array(pings.map(({ flowrate }) => flowrate)),
    int8Array(pings.map(({ id }) => id)),
    instantParameter(recordedAt),
  ];
  if (pings.every(({ quality }) => quality === 'GOOD')) transaction.send(insertPings, values);
  else transaction.send(insertPingsOfQuality, [...values, severities(pings)]);
}

function severities(pings: readonly { readonly quality: Quality }[]): StoredSeverity[] {
  return pings.map(({ quality }) => severityOf(quality));
}

export function log(
  transaction: Pipeline,
  revisions: readonly (LateInsertion | PingCorrection)[],
  recordedAt: Date,
): void {
  const values = [
    ...columns(revisions),
    int8Array(revisions.map(({ id }) => id)),
    timestamptzArray(revisions.map((each) => each.recordedAt)),
    revisions.map((each) => ('previousFlowrate' in each ? each.previousFlowrate : null)),
    float8Array(revisions.map(({ flowrate }) => flowrate)),
    revisions.map(({ by }) => by),
    revisions.map(({ reasonCode }) => reasonCode),
    revisions.map(({ comment }) => comment),
    revisions.map((each) => ('previousQuality' in each ? severityOf(each.previousQuality) : null)),
    severities(revisions),
    instantParameter(recordedAt),
  ];
  const totalizers = revisions.map(totalizersOf);
  if (totalizers.every((each) => each.old === each.new)) {
    transaction.send(logRevisions, values);
  } else {
    const changed = totalizers.map((each) => (each.old === each.new ? NO_TOTALIZERS : each));
    transaction.send(logRevisionsOfTotalizers, [
      ...values,
      changed.map((each) => each.old ?? null),
      changed.map((each) => each.new ?? null),
    ]);
  }
}

const NO_TOTALIZERS = { old: undefined, new: undefined };

function totalizersOf(revision: LateInsertion | PingCorrection) {
  const { totalizer } = revision;
  return {
    old: 'previousFlowrate' in revision ? revision.previousTotalizer : undefined,
    new: totalizer,
  };
}

export function correct(transaction: Pipeline, corrections: readonly PingCorrection[]): void {
  const latest = [...new Map(corrections.map((each) => [each.id, each])).values()];
  transaction.send(correctPings, [
    ...columns(latest),
    float8Array(latest.map(({ flowrate }) => flowrate)),
    severities(latest),
  ]);
}

/** Does what the refresh of the summaries leaves out, which sees the pings that are not bad. */
export function markBad(transaction: Pipeline, { inserted, corrections }: PingChanges): void {
  const spoilt = corrections.filter(({ quality }) => quality === 'BAD');
  if (spoilt.length > 0) transaction.send(clearInstants, columns(spoilt));
  const restored = corrections.filter(({ previousQuality }) => previousQuality === 'BAD');
  for (const sensorId of new Set(restored.map((each) => each.sensorId))) {
    transaction.send(findLastBad, [sensorId]);
  }
  const bad = [...spoilt, ...inserted.filter(({ quality }) => quality === 'BAD')];
  if (bad.length > 0) transaction.send(raiseLastBad, columns(bad));
}

/** @param changed of each hour that changed, at least the earliest instant that did */
export function refresh(transaction: Pipeline, changed: readonly PingKey[]): void {
  refreshHours(transaction, changed);
  refreshAboveHours(transaction, changed);
}

export function refreshHours(transaction: Pipeline, changed: readonly PingKey[]): void {
  transaction.send(refreshInstants.levels[HOUR]!, columns(changed));
}

export function refreshAboveHours(transaction: Pipeline, changed: readonly PingKey[]): void {
  const values = columns(changed);
  refreshInstants.levels.slice(HOUR + 1).forEach((level) => transaction.send(level, values));
}

const HOUR_MS = 3_600_000;

export function columns(keys: readonly PingKey[]): [Buffer, Buffer] {
  return [
    int4Array(keys.map(({ sensorId }) => sensorId)),
    timestamptzArray(keys.map(({ datetime }) => datetime)),
  ];
}

// The statement takes several instants of an hour, but sending all of them would be wasteful.
export function earliestOfHours(pings: readonly PingKey[]): PingKey[] {
  const earliest: PingKey[] = [];
  let hour: number | undefined;
  for (const { sensorId, datetime } of pings) {
    const last = earliest.at(-1);
    const itsHour = Math.floor(datetime.getTime() / HOUR_MS);
    if (last?.sensorId !== sensorId || hour !== itsHour) earliest.push({ sensorId, datetime });
    else if (datetime < last.datetime) earliest.splice(-1, 1, { sensorId, datetime });
    hour = itsHour;
  }
  return earliest;
}
