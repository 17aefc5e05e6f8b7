import { asUncertain } from '../../storage/pings/flag-pings.js';
import type {
  LockedSensors,
  PingWriter,
  RecordedChanges,
} from '../../storage/pings/ping-writer.js';
import type { Pipeline } from '../../storage/postgres/database.js';
import { inParts, PART } from '../shared/in-parts.js';
import { checkedPings, type DuplicateFlag } from './checked-pings.js';

/** Late insertions and corrections that are written at once: what is logged of one has as many values as three new pings. */
const REVISION_PART = 1000;

/** What the requests of a transaction come to. */
export interface Batch {
  readonly changes: RecordedChanges;
  readonly raised: readonly DuplicateFlag[];
  /** the ids of the corrections whose quality was given */
  readonly decided: () => ReadonlySet<string>;
}

/**
 * Writes what a batch changes, and checks the pings of sensors that have checks. A statement writes
 * one part at most, so that none keeps the event loop for long.
 *
 * @returns the ids of the pings that failed checks
 */
export async function writeBatch(
  writer: PingWriter,
  transaction: Pipeline,
  locked: LockedSensors,
  { changes, raised, decided }: Batch,
): Promise<ReadonlySet<string>> {
  const failing = new Set<string>();
  if ([...locked.sensors.values()].every(({ checks }) => checks === null)) {
    await inPartsOf(changes, (part) => writer.write(transaction, locked, part));
    return failing;
  }
  await inPartsOf(changes, (part) => writer.store(transaction, locked, part));
  const checked = checkedPings(changes, locked.sensors, decided());
  for (let first = 0; first < checked.length; first += PART) {
    const part = checked.slice(first, first + PART);
    for (const id of await writer.check(transaction, locked, part)) failing.add(id);
  }
  const flags = raised.map(({ flag }) => flag);
  if (flags.length > 0) writer.flag(transaction, locked, flags);
  const written = { ...changes, ...asUncertain(changes, failing) };
  await inPartsOf(written, (part) => writer.follow(transaction, locked, part));
  return failing;
}

async function inPartsOf(
  changes: RecordedChanges,
  process: (part: RecordedChanges) => void,
): Promise<void> {
  const { inserted, lateInsertions, corrections } = changes;
  const revisions = lateInsertions.length + corrections.length;
  if (inserted.length <= PART && revisions <= REVISION_PART) {
    process(changes);
    return;
  }
  const none: RecordedChanges = { ...changes, inserted: [], lateInsertions: [], corrections: [] };
  await inParts(inserted, (part) => process({ ...none, inserted: part }));
  await inParts(
    lateInsertions,
    (part) => process({ ...none, lateInsertions: part }),
    REVISION_PART,
  );
  await inParts(corrections, (part) => process({ ...none, corrections: part }), REVISION_PART);
}
