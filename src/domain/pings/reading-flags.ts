import type { Finding } from '../../storage/pings/flag-pings.js';
import type {
  FlagFilter,
  FlagKey,
  FlagRow,
  FlagStatus,
  FlagStore,
  FlagWindow,
} from '../../storage/pings/flag-store.js';
import { pingOf } from '../../storage/pings/ping-row.js';
import type { PingWriter } from '../../storage/pings/ping-writer.js';
import type { PingCorrection, StoredPing } from '../../storage/pings/stored-ping.js';
import type { Pipeline } from '../../storage/postgres/database.js';
import { ExclusiveSensorQueue } from '../sensors/exclusive-sensor-queue.js';
import { auditEntry } from '../shared/audit.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../shared/errors.js';
import { reasonError } from '../shared/name-rules.js';
import { actorName, requireScope, type Principal } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import type { Admission, PingAdmission } from './admission.js';
import type { PingObserver } from './pings.js';

export type { Finding } from '../../storage/pings/flag-pings.js';
export { FLAG_STATUSES, type FlagFilter, type FlagStatus } from '../../storage/pings/flag-store.js';

export const MAX_RESOLVED = 1000;
export const RESOLUTIONS = ['ACCEPT', 'REJECT'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** A reading that failed checks of its sensor, and what became of it. */
export interface ReadingFlag {
  /** `SENSOR-NUMBER` */
  readonly id: string;
  readonly sensorId: number;
  readonly datetime: Date;
  readonly pingId: string;
  /** bbl/d, as it was flagged */
  readonly flowrate: number;
  readonly findings: readonly Finding[];
  readonly status: FlagStatus;
  readonly flaggedAt: Date;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly comment: string | null;
}

interface Deps {
  readonly store: FlagStore;
  readonly writer: PingWriter;
  readonly observer: PingObserver;
  readonly admission: PingAdmission;
}

interface Resolved {
  readonly flags: readonly FlagRow[];
  readonly corrections: readonly PingCorrection[];
}

/** The list of doubtful readings that people work off. Reading needs READ, resolving ADMIN. */
export class ReadingFlags {
  private readonly queue = new ExclusiveSensorQueue();

  constructor(private readonly deps: Deps) {}

  /** Flags in a row, newest first, and whether there are more beyond the end of the window. */
  async window(
    principal: Principal,
    filter: FlagFilter,
    window: FlagWindow,
  ): Promise<{ flags: ReadingFlag[]; more: boolean }> {
    requireScope(principal, 'READ');
    const { take, from } = window;
    const { store } = this.deps;
    const rows = await store.window(principal, filter, { ...window, take: take + 1 });
    const flags = rows.slice(0, take).map(flagOf);
    return { flags: from === 'first' ? flags : flags.reverse(), more: rows.length > take };
  }

  async count(principal: Principal, filter: FlagFilter): Promise<number> {
    requireScope(principal, 'READ');
    return this.deps.store.count(principal, filter);
  }

  /**
   * Settles open flags: an accepted reading is good again, a rejected one is bad. All or none.
   * @param ids of at most 1000 flags
   * @throws NotFoundError where the account has none of an id; ConflictError where one is resolved;
   * InvalidInputError
   */
  async resolve(
    principal: Principal,
    ids: readonly string[],
    resolution: Resolution,
    comment: string | null,
  ): Promise<ReadingFlag[]> {
    requireScope(principal, 'ADMIN');
    const message = reasonError(comment ?? undefined);
    if (message) throw InvalidInputError.of('comment', message);
    if (ids.length > MAX_RESOLVED) {
      const tooMany = `Must be at most ${MAX_RESOLVED} flags; got ${ids.length}.`;
      throw InvalidInputError.of('ids', tooMany);
    }
    const keys = [...new Set(ids)].map(readFlagId);
    if (keys.length === 0) return [];
    const { accountId } = principal;
    const { admission, observer, writer } = this.deps;
    const most = { inserted: [], corrections: keys };
    const admitted = await admission.prepare(accountId, most);
    let isCommitted = false;
    try {
      const { flags, corrections } = await this.queue.run(() =>
        writer.transaction((transaction) =>
          this.write(transaction, { principal, keys, resolution, comment, admitted }),
        ),
      );
      isCommitted = true;
      observer.recorded(accountId, [], corrections);
      const byId = new Map(flags.map(flagOf).map((flag) => [flag.id, flag]));
      return keys.map((key) => byId.get(flagId(key))!);
    } finally {
      admitted.settle(isCommitted);
    }
  }

  private async write(
    transaction: Pipeline,
    {
      principal,
      keys,
      resolution,
      comment,
      admitted,
    }: {
      readonly principal: Principal;
      readonly keys: readonly FlagKey[];
      readonly resolution: Resolution;
      readonly comment: string | null;
      readonly admitted: Admission;
    },
  ): Promise<Resolved> {
    const { store, writer } = this.deps;
    const sensorIds = [...new Set(keys.map(({ sensorId }) => sensorId))];
    const locked = await writer.lock(transaction, sensorIds, 0, 'AWAITED');
    if (sensorIds.some((id) => locked.sensors.get(id)?.accountId !== principal.accountId)) {
      throw new NotFoundError();
    }
    const rows = await store.find(transaction, keys);
    if (rows.length < keys.length) throw new NotFoundError();
    const resolved = rows.map(flagOf).find(({ status }) => status !== 'OPEN');
    if (resolved) {
      throw new ConflictError(`Flag ${resolved.id} is ${resolved.status.toLowerCase()} already.`);
    }
    const by = actorName(principal);
    const status = resolution === 'ACCEPT' ? 'ACCEPTED' : 'REJECTED';
    const quality = resolution === 'ACCEPT' ? 'GOOD' : 'BAD';
    const { recordedAt } = locked;
    const flags = await store.resolve(transaction, keys, { status, by, comment }, recordedAt);
    const pings = await this.flagged(transaction, locked.sensors, rows);
    const corrections = pings.map(({ isFlagged: _, ...ping }): PingCorrection => {
      const before = { previousFlowrate: ping.flowrate, previousQuality: ping.quality };
      return { ...ping, quality, ...before, by, reasonCode: null, comment };
    });
    admitted.admit({ inserted: [], corrections });
    writer.write(transaction, locked, { inserted: [], lateInsertions: [], corrections });
    const counts = new Map<number, number>();
    for (const { sensorId } of keys) counts.set(sensorId, (counts.get(sensorId) ?? 0) + 1);
    const events = [...counts].map(([id, count]) => {
      const details = { resolution: status, count };
      return auditEntry(principal, 'READING_FLAGS_RESOLVED', { type: 'SENSOR', id }, details);
    });
    writer.audit(transaction, events);
    return { flags, corrections };
  }

  /** The readings of flags, those that are stored and still uncertain; in the order of the primary key. */
  private async flagged(
    transaction: Pipeline,
    sensors: Parameters<PingWriter['existing']>[1],
    flags: readonly FlagRow[],
  ): Promise<StoredPing[]> {
    const keys = flags.map(({ sensor_id: sensorId, at }) => ({ sensorId, datetime: new Date(at) }));
    const ids = new Set(flags.map(({ ping_id }) => ping_id));
    return (await this.deps.writer.existing(transaction, sensors, keys))
      .map(pingOf)
      .filter(({ id, quality }) => ids.has(id) && quality === 'UNCERTAIN')
      .sort((a, b) => a.sensorId - b.sensorId || a.datetime.getTime() - b.datetime.getTime());
  }
}

function flagId({ sensorId, id }: FlagKey): string {
  return `${sensorId}-${id}`;
}

/** @throws NotFoundError where no flag can have the id */
function readFlagId(text: string): FlagKey {
  const [, sensor, id] = /^([1-9]\d*)-([1-9]\d{0,17})$/.exec(text) ?? [];
  const sensorId = Number(sensor);
  if (id === undefined || !isRecordId(sensorId)) throw new NotFoundError();
  return { sensorId, id };
}

function flagOf(row: FlagRow): ReadingFlag {
  return {
    id: flagId({ sensorId: row.sensor_id, id: row.id }),
    sensorId: row.sensor_id,
    datetime: new Date(row.at),
    pingId: row.ping_id,
    flowrate: row.flowrate,
    findings: row.findings,
    status: row.status,
    flaggedAt: new Date(row.flagged_at),
    resolvedAt: row.resolved_at === null ? null : new Date(row.resolved_at),
    resolvedBy: row.resolved_by,
    comment: row.comment,
  };
}
