import type { PingWriter } from '../../storage/pings/ping-writer.js';
import type { AppendedRequest } from '../../storage/pings/appended.js';
import type { RecordRequest, Resolved } from './record-batch.js';
import type { Resolution } from './resolve-conflicts.js';

/** How many batches at most are recorded the long way before appending is tried again. */
const MAX_SKIPPED = 64;

const NONE: ReadonlySet<string> = new Set();

/**
 * Records batches in which nothing happens but what mostly does, good readings that follow the last ones of their
 * sensors, in one round trip to the database instead of two. Where that was in vain, it is tried less often.
 */
export class BatchAppender {
  private skipped = 0;
  private toSkip = 0;

  constructor(private readonly writer: PingWriter) {}

  /** @returns undefined of each request to which there may be more, of which nothing is recorded */
  async append(requests: readonly RecordRequest[]): Promise<readonly (Resolved | undefined)[]> {
    const none = requests.map(() => undefined);
    if (!requests.every(isPlain)) return none;
    if (this.skipped < this.toSkip) {
      this.skipped++;
      return none;
    }
    if (!areAdmitted(requests)) return none;
    const appended = await this.writer.append(
      requests.map(({ principal, pings, traceparent }) => {
        return { accountId: principal.accountId, pings, traceparent };
      }),
    );
    // Found out without the database; it says nothing of the next batch.
    if (!appended) return none;
    this.skipped = 0;
    const isInVain = appended.every((each) => each === undefined);
    this.toSkip = isInVain ? Math.min(this.toSkip * 2 + 1, MAX_SKIPPED) : 0;
    return appended.map((each) =>
      each && 'inserted' in each ? { result: resolutionOf(each) } : each,
    );
  }
}

function resolutionOf({ inserted, isAnnounced = false }: AppendedRequest): Resolution {
  const nothingElse = { lateInsertions: [], corrections: [], duplicates: 0, decided: NONE };
  return { inserted, isAnnounced, recorded: inserted.length, ...nothingElse };
}

/** Whether its flowrates are in bbl/d, as far as the request says, and nothing more comes with them. */
function isPlain({ pings, options: { unit = 'bbl/d' } }: RecordRequest): boolean {
  return (
    unit === 'bbl/d' &&
    pings.every(({ quality = 'GOOD', totalizer }) => quality === 'GOOD' && totalizer === undefined)
  );
}

/** A request that is not admitted may be so without what is stored already, which is found out the long way. */
function areAdmitted(requests: readonly RecordRequest[]): boolean {
  try {
    for (const { admission, pings } of requests) admission.admit({ inserted: pings });
    return true;
  } catch {
    return false;
  }
}
