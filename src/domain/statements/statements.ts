import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type {
  StatementPlace,
  StatementRow,
  StatementStore,
  StatementWindow,
} from '../../storage/statements/statement-store.js';
import { requirePeriod, requireReplaceable, type IssueInput } from './rules.js';
import type { SensorRecord, Sensors } from '../sensors/sensors.js';
import { auditEntry } from '../shared/audit.js';
import type { Clock } from '../shared/clock.js';
import { ConcurrencyLimiter } from '../shared/concurrency-limiter.js';
import { InvalidInputError, NotFoundError } from '../shared/errors.js';
import { actorName, requireScope, type Principal } from '../shared/principal.js';
import type { RecordHistory } from '../shared/record-history.js';
import { formatInstant } from '../shared/time.js';
import type { Calendars } from '../volumes/calendars.js';
import { roundVolume } from '../volumes/round-volume.js';
import type { Volumes } from '../volumes/volumes.js';
import { canonical, checksumsOf, sha256 } from './canonical.js';
import { statementIssued } from './statement-event.js';
import { INDICATED_VOLUME, type StatementHeader, type StatementSensor } from './document.js';
import {
  SensorContents,
  type SensorContentsDeps,
  type StatementPeriod,
} from './sensor-contents.js';
import type { SigningKey } from './signing-key.js';
import { writeStatement, type StatementFormat } from './statement-file.js';

export type { StatementWindow } from '../../storage/statements/statement-store.js';
export type { IssueInput } from './rules.js';
export { STATEMENT_FORMATS, type StatementFormat } from './statement-file.js';

/** A statement without its readings and records. */
export interface MeasurementStatement {
  readonly header: StatementHeader;
  readonly hash: string;
  /** in base64 */
  readonly signature: string;
  /** PEM */
  readonly publicKey: string;
  readonly supersededBy: number | null;
}

export interface StatementsDeps extends SensorContentsDeps {
  readonly store: StatementStore;
  readonly key: SigningKey;
  readonly sensors: Pick<Sensors, 'find'>;
  readonly calendars: Pick<Calendars, 'require'>;
  readonly volumes: Pick<Volumes, 'boundaries' | 'between' | 'metered'>;
  readonly history: RecordHistory;
  readonly clock: Clock;
  /** called with the account that has webhooks to deliver */
  readonly onQueued: (accountId: number) => void;
}

const MAX_READINGS = 1_000_000;
/** A statement that is being issued takes some 100 MB of memory. */
const MAX_RUNNING = 2;
const MAX_WAITING = 20;
// The fastest: a slower one would save a tenth.
const zip = (text: string) => promisify(gzip)(text, { level: 1 });
const unzip = async (bytes: Buffer) => (await promisify(gunzip)(bytes)).toString();

/**
 * Signed statements of what flowed through sensors in a period, with the readings that it follows
 * from. Nothing changes or deletes one. Reading needs READ, issuing ADMIN.
 */
export class Statements {
  private readonly contents: SensorContents;
  private readonly limiter = new ConcurrencyLimiter(MAX_RUNNING, MAX_WAITING, 1);

  constructor(private readonly deps: StatementsDeps) {
    this.contents = new SensorContents(deps);
  }

  /**
   * Issues a statement under the account's next number.
   * @throws InvalidInputError; ConflictError where the statement to supersede has been superseded
   */
  async issue(principal: Principal, input: IssueInput): Promise<MeasurementStatement> {
    requireScope(principal, 'ADMIN');
    return this.limiter.run(() => this.issueNow(principal, input), String(principal.accountId));
  }

  private async issueNow(principal: Principal, input: IssueInput): Promise<MeasurementStatement> {
    const { store, clock, history } = this.deps;
    // What was acknowledged before counts as recorded up to a millisecond after it was.
    await wait(2);
    const issuedAt = clock();
    requirePeriod(input, issuedAt);
    const sensors = await this.sensorsOf(principal, input.sensorIds);
    await history.requireKnown(principal, input.sensorIds, issuedAt);
    const calendar = input.calendar
      ? await this.deps.calendars.require(principal, input.calendar)
      : undefined;
    const period = await this.period(principal, input, calendar, issuedAt);
    const listed: StatementSensor[] = [];
    const parts: Buffer[] = [];
    let [readings, volume] = [0, 0];
    for (const sensor of sensors) {
      const content = await this.contents.of(principal, sensor, period);
      readings += content.readings.length;
      if (readings > MAX_READINGS) throw tooManyReadings();
      const text = canonical(content);
      const { id, name } = sensor;
      listed.push({ id, name, volume: content.period.volume, hash: sha256(text) });
      volume += content.period.volume;
      const checksums = JSON.stringify(checksumsOf(content));
      parts.push(await zip(`{"content":${text},"checksums":${checksums}}`));
    }
    const signer = await this.deps.key.signer();
    const header = (place: StatementPlace): StatementHeader => ({
      account: principal.accountName,
      calendar: {
        name: calendar?.name ?? null,
        timeZone: calendar?.timeZone ?? 'UTC',
        dayStart: calendar?.dayStart ?? '00:00',
        method: calendar?.method ?? null,
      },
      start: formatInstant(period.start),
      end: formatInstant(period.end),
      issuedAt: formatInstant(issuedAt),
      issuedBy: actorName(principal),
      keyFingerprint: signer.fingerprint,
      note: INDICATED_VOLUME,
      number: place.number,
      previousHash: place.previousHash,
      reason: input.reason ?? null,
      sensors: listed,
      supersedes: input.supersedes ?? null,
      unit: 'bbl',
      version: requireReplaceable(input, place.superseded),
      volume: roundVolume(volume),
    });
    const issued = await store.issue(principal.accountId, input.supersedes, parts, (place) => {
      const own = header(place);
      const text = canonical(own);
      const { number, version, supersedes } = own;
      return {
        ...{ number, version, supersedes, header: text, hash: sha256(text) },
        signature: signer.sign(text),
        publicKey: signer.publicKey,
        checksums: JSON.stringify(checksumsOf(own)),
        event: statementIssued(own, sha256(text)),
        audit: auditEntry(
          principal,
          'STATEMENT_ISSUED',
          { type: 'STATEMENT', id: number },
          { start: own.start, end: own.end, sensors: sensors.map(({ id }) => String(id)) },
        ),
      };
    });
    this.deps.onQueued(principal.accountId);
    return statementOf({ ...issued, supersededBy: null });
  }

  /** @throws NotFoundError */
  async require(principal: Principal, number: number): Promise<MeasurementStatement> {
    return statementOf(await this.row(principal, number));
  }

  /** Newest first, and whether there are more beyond the window. */
  async window(
    principal: Principal,
    window: StatementWindow,
  ): Promise<{ statements: MeasurementStatement[]; more: boolean }> {
    requireScope(principal, 'READ');
    const { take, from } = window;
    const rows = await this.deps.store.window(principal, { ...window, take: take + 1 });
    const statements = rows.slice(0, take).map(statementOf);
    if (from === 'last') statements.reverse();
    return { statements, more: rows.length > take };
  }

  async count(principal: Principal): Promise<number> {
    requireScope(principal, 'READ');
    return this.deps.store.count(principal);
  }

  /**
   * Writes a statement as a file, a sensor at a time.
   * @throws NotFoundError before anything is written
   */
  async write(
    principal: Principal,
    number: number,
    format: StatementFormat,
    write: (chunk: string | Uint8Array) => Promise<void>,
  ): Promise<void> {
    const row = await this.row(principal, number);
    const { sensors } = JSON.parse(row.header) as StatementHeader;
    const { store } = this.deps;
    await writeStatement(row, format, write, async function* () {
      for (const position of sensors.keys()) {
        yield await unzip((await store.part(principal, number, position))!);
      }
    });
  }

  private async row(principal: Principal, number: number): Promise<StatementRow> {
    requireScope(principal, 'READ');
    const row = await this.deps.store.find(principal, number);
    if (!row) throw new NotFoundError();
    return row;
  }

  private async sensorsOf(principal: Principal, ids: readonly number[]): Promise<SensorRecord[]> {
    const found = await this.deps.sensors.find(principal, ids);
    return ids.map((id) => {
      const sensor = found.get(id);
      if (sensor) return sensor;
      throw InvalidInputError.of('sensorIds', `There is no flow sensor ${id}.`);
    });
  }

  private async period(
    principal: Principal,
    { start, end }: IssueInput,
    calendar:
      | { timeZone: string; dayStart: string; method: StatementPeriod['method'] | null }
      | undefined,
    issuedAt: Date,
  ): Promise<StatementPeriod> {
    const { timeZone = 'UTC', dayStart = '00:00', method } = calendar ?? {};
    const range = { start, end };
    const { volumes } = this.deps;
    const [days, hours] = await Promise.all([
      volumes.boundaries(principal, range, { interval: 'DAY', timeZone, dayStart }),
      volumes.boundaries(principal, range, { interval: 'HOUR', timeZone, dayStart }),
    ]);
    return { ...range, days, hours, method: method ?? undefined, issuedAt };
  }
}

function statementOf(row: StatementRow): MeasurementStatement {
  const { header, hash, signature, publicKey, supersededBy } = row;
  return {
    header: JSON.parse(header) as StatementHeader,
    hash,
    signature,
    publicKey,
    supersededBy,
  };
}

function tooManyReadings(): InvalidInputError {
  return InvalidInputError.of(
    'sensorIds',
    `A statement has at most ${MAX_READINGS} readings; these sensors have more in this period. Issue one for fewer sensors, or for a shorter period.`,
  );
}
