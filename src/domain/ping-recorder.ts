import type { PingWriter } from '../storage/ping-writer.js';
import type { PingCorrection, StoredPing } from '../storage/stored-ping.js';
import { GroupCommit, type Outcome } from './group-commit.js';
import { Holdings } from './holdings.js';
import { decide, type Decision, type NewPing, type RecordOptions } from './ping-request.js';
import type { Principal } from './principal.js';

/** Pings of one request, valid in themselves. */
export interface RecordRequest {
  readonly principal: Principal;
  readonly pings: readonly NewPing[];
  readonly options: RecordOptions;
}

// A small group takes less time than it is alone; beside a large one the next
// keeps the disk busy, and a small request need not wait for all of it. The
// larger a group, the more of its pings share their sensors' summaries: twice
// this size is hardly cheaper a ping, and half of it a tenth dearer.
const LIMITS = { concurrency: 2, size: 8000, aloneMs: 10, gatherMs: 1 };

/**
 * Records pings durably, each request whole or not at all. Requests that come
 * at once share a transaction; one that conflicts drops out of it alone.
 */
export class PingRecorder {
  private readonly groups: GroupCommit<RecordRequest, Decision>;

  constructor(private readonly writer: PingWriter) {
    this.groups = new GroupCommit(
      (requests) => this.commit(requests),
      ({ pings }) => pings.length,
      LIMITS,
    );
  }

  record(request: RecordRequest): Promise<Decision> {
    return this.groups.submit(request);
  }

  private commit(requests: readonly RecordRequest[]): Promise<Outcome<Decision>[]> {
    return this.writer.transaction(async (transaction) => {
      const pings = requests.flatMap(({ pings }) => pings);
      const sensorIds = [...new Set(pings.map(({ sensorId }) => sensorId))];
      const locked = await this.writer.lock(transaction, sensorIds, pings.length);
      const { sensors, pingIds } = locked;
      const held = new Holdings();
      const rows = await this.writer.held(transaction, sensors, pings);
      for (const { id, sensor_id, at, flowrate } of rows) {
        held.set({ id, sensorId: sensor_id, datetime: new Date(at), flowrate });
      }
      let drawn = 0;
      const nextId = () => pingIds[drawn++] as string;
      const outcomes = requests.map(({ principal, pings, options }): Outcome<Decision> => {
        try {
          return { answer: decide(principal, pings, options, sensors, held, nextId) };
        } catch (error) {
          return { error };
        }
      });
      this.writer.write(transaction, locked, together(outcomes));
      return outcomes;
    });
  }
}

function together(outcomes: readonly Outcome<Decision>[]): {
  inserted: StoredPing[];
  corrections: PingCorrection[];
} {
  const decisions = outcomes.flatMap((outcome) => ('answer' in outcome ? [outcome.answer] : []));
  const inserted = decisions.flatMap((decision) => decision.inserted);
  // In the order of the primary key, rows go side by side into its pages.
  inserted.sort((a, b) => a.sensorId - b.sensorId || a.datetime.getTime() - b.datetime.getTime());
  return { inserted, corrections: decisions.flatMap((decision) => decision.corrections) };
}
