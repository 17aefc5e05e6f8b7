import type { PackedPing } from '../../storage/pings/packed-pings.js';
import type { PingStore } from '../../storage/pings/ping-store.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import { maxGapHistory, methodHistory, type History } from '../../storage/sensors/history.js';
import type { PingRevision, PingRevisions } from '../pings/revisions.js';
import type {
  ConfigurationChange,
  SensorConfiguration,
  SensorConfigurations,
} from '../sensors/configurations.js';
import type { SensorRecord } from '../sensors/sensors.js';
import { InvalidInputError } from '../shared/errors.js';
import type { Principal } from '../shared/principal.js';
import { FIRST_INSTANT, formatInstant, formatTime, LAST_INSTANT } from '../shared/time.js';
import { roundVolume } from '../volumes/round-volume.js';
import type { FlowVolume, VolumeMethod, Volumes } from '../volumes/volumes.js';
import type {
  InForce,
  SensorContent,
  StatementChange,
  StatementFigures,
  StatementReading,
  StatementRevision,
} from './document.js';

export interface SensorContentsDeps {
  readonly pings: PingStore;
  readonly revisions: Pick<PingRevisions, 'windows'>;
  readonly configurations: Pick<SensorConfigurations, 'windows' | 'at'>;
  readonly volumes: Pick<Volumes, 'between' | 'metered'>;
}

/** What a statement is of. */
export interface StatementPeriod extends TimeRange {
  /** of the days and of the hours of the period */
  readonly days: readonly Date[];
  readonly hours: readonly Date[];
  /** undefined: each sensor's own */
  readonly method: VolumeMethod | undefined;
  /** figures and readings are as they were stored at this instant */
  readonly issuedAt: Date;
}

export const MAX_READINGS_OF_SENSOR = 300_000;
const NEIGHBOURS = 20;
const MAX_REVISIONS = 100_000;
const MAX_CHANGES = 10_000;

type Reading = PackedPing<SensorRecord>;

/** Collects what a statement says of a sensor. */
export class SensorContents {
  constructor(private readonly deps: SensorContentsDeps) {}

  /** @throws InvalidInputError where there is too much of it */
  async of(
    principal: Principal,
    sensor: SensorRecord,
    period: StatementPeriod,
  ): Promise<SensorContent> {
    // Figures of what is stored now come from summaries, in a small share of the time. They are those
    // of the instant unless something was recorded since, which the readings and revisions show.
    const now = await this.figures(principal, sensor, period);
    const { readings, before, after } = await this.readings(principal, sensor, period);
    const range = {
      start: before?.datetime ?? period.start,
      end: after ? new Date(after.at + 1) : period.end,
    };
    const revisions = await this.revisions(principal, sensor, range);
    const since = [before, ...readings, after].some(
      (each) => each && each.recordedAt > period.issuedAt,
    );
    const isRevised = revisions.some(({ revisedAt }) => revisedAt > period.issuedAt);
    const content = { figures: now, readings, before, after };
    const { issuedAt } = period;
    const [meterFactors, currentFactors] = await Promise.all([
      this.meterFactors(principal, sensor, issuedAt),
      this.meterFactors(principal, sensor),
    ]);
    const isRecalibrated = JSON.stringify(meterFactors) !== JSON.stringify(currentFactors);
    if (since || isRevised || isRecalibrated) {
      content.figures = await this.figures(principal, sensor, period, issuedAt);
      Object.assign(content, await this.readings(principal, sensor, period, issuedAt));
    }
    const settings = await this.deps.configurations.at(principal, [sensor.id], period.start);
    // Tags say nothing of the measurement.
    const { tags: _tags, ...configuration }: Partial<SensorConfiguration> =
      settings.get(sensor.id) ?? {};
    return {
      id: sensor.id,
      name: sensor.name,
      configuration: Object.fromEntries(
        Object.entries(configuration).map(([name, value]) => [
          name,
          value instanceof Date ? formatInstant(value) : value,
        ]),
      ),
      configurationLog: await this.changes(principal, sensor, period),
      maxGaps: inForce(maxGapHistory(sensor)),
      methods: period.method
        ? [{ from: null, value: period.method }]
        : inForce(methodHistory(sensor)),
      meterFactors,
      ...content.figures,
      readingBefore: content.before ? readingOf(content.before) : null,
      readingAfter: content.after ? readingOf(content.after) : null,
      readings: content.readings.map(readingOf),
      revisions: revisions.filter(({ revisedAt }) => revisedAt <= period.issuedAt).map(revisionOf),
    };
  }

  private async figures(
    principal: Principal,
    sensor: SensorRecord,
    { start, end, days, hours, method }: StatementPeriod,
    asOf?: Date,
  ): Promise<Pick<SensorContent, 'period' | 'days' | 'hours'>> {
    const own = method ?? (sensor.methodChangedAt ? undefined : sensor.method);
    const between = async (boundaries: readonly Date[]) => {
      const found = await this.deps.volumes.between(principal, [sensor], boundaries, own, asOf);
      return (found.get(sensor.id) ?? []).map(figuresOf);
    };
    const [period] = await between([start, end]);
    return { period: period!, days: await between(days), hours: await between(hours) };
  }

  private async meterFactors(
    principal: Principal,
    { id }: SensorRecord,
    asOf?: Date,
  ): Promise<InForce<number>[]> {
    const factors = await this.deps.volumes.metered.factors(principal, [id], asOf);
    return inForce(factors.get(id)!);
  }

  private async readings(
    principal: Principal,
    sensor: SensorRecord,
    { start, end }: TimeRange,
    asOf?: Date,
  ): Promise<{ readings: Reading[]; before: Reading | undefined; after: Reading | undefined }> {
    const { thinnedUntil } = sensor;
    if (thinnedUntil && start < thinnedUntil) throw thinned(sensor, start);
    const earlier = new Date(start.getTime() - 1);
    const last = new Date(end.getTime() - 1);
    const window = async (after: Date, before: Date, direction: 'ASC' | 'DESC', limit: number) =>
      (await this.deps.pings.window(principal, [sensor.id], after, before, direction, limit, asOf))
        .get(sensor.id)
        ?.of(sensor) ?? [];
    const readings = await window(earlier, end, 'ASC', MAX_READINGS_OF_SENSOR + 1);
    if (readings.length > MAX_READINGS_OF_SENSOR) {
      throw InvalidInputError.of(
        'end',
        `A statement has at most ${MAX_READINGS_OF_SENSOR} readings of a sensor; sensor ${sensor.id} has more in this period. Shorten it.`,
      );
    }
    const nearest = async (direction: 'ASC' | 'DESC'): Promise<Reading | undefined> => {
      let [from, to]: [Date, Date] =
        direction === 'ASC' ? [last, LAST_INSTANT] : [FIRST_INSTANT, start];
      for (;;) {
        const found = await window(from, to, direction, NEIGHBOURS);
        // Segments lead to the nearest reading that is not bad.
        const counted = found.find(({ quality }) => quality !== 'BAD');
        const furthest = found.at(-1);
        if (counted || !furthest || found.length < NEIGHBOURS) return counted;
        if (direction === 'ASC') from = furthest.datetime;
        else to = furthest.datetime;
      }
    };
    const [before, after] = [await nearest('DESC'), await nearest('ASC')];
    if (thinnedUntil && !before) throw thinned(sensor, start);
    return { readings, before, after };
  }

  /** Oldest first. */
  private async revisions(
    principal: Principal,
    { id }: SensorRecord,
    range: TimeRange,
  ): Promise<PingRevision[]> {
    const window = { take: MAX_REVISIONS, from: 'last' } as const;
    const found = (await this.deps.revisions.windows(principal, [id], range, window)).get(id);
    if (found?.more) {
      throw InvalidInputError.of(
        'end',
        `A statement has at most ${MAX_REVISIONS} revisions of a sensor; sensor ${id} has more in this period. Shorten it.`,
      );
    }
    return [...(found?.items ?? [])].reverse();
  }

  /** Oldest first. */
  private async changes(
    principal: Principal,
    { id }: SensorRecord,
    { end, issuedAt }: StatementPeriod,
  ): Promise<StatementChange[]> {
    const window = { take: MAX_CHANGES, from: 'last' } as const;
    const found = await this.deps.configurations.windows(principal, [id], window);
    return [...(found.get(id)?.items ?? [])]
      .reverse()
      .filter(({ parameter }) => parameter !== 'TAGS')
      .filter(({ effectiveFrom, recordedAt }) => effectiveFrom < end && recordedAt <= issuedAt)
      .map(changeOf);
  }
}

/** The values of a setting, each with the instant from which it is in force. */
function inForce<Value>({ changedAt, earlier, current }: History<Value>): InForce<Value>[] {
  const values = [...earlier, current];
  return values.map((value, index) => {
    const from = changedAt[index - 1];
    return { from: from ? formatInstant(from) : null, value };
  });
}

function figuresOf(volume: FlowVolume): StatementFigures {
  return {
    start: formatInstant(volume.start),
    end: formatInstant(volume.end),
    volume: roundVolume(volume.volume),
    volumeMeasured: roundVolume(volume.volumeMeasured),
    volumeInterpolated: roundVolume(volume.volumeInterpolated),
    durationGood: volume.durationGood,
    durationInterpolated: volume.durationInterpolated,
    durationMissing: volume.durationMissing,
    readings: volume.pingCount,
  };
}

function readingOf({ at, flowrate, quality }: Reading): StatementReading {
  return { datetime: formatTime(at), flowrate, ...(quality !== 'GOOD' && { quality }) };
}

function revisionOf(all: PingRevision): StatementRevision {
  const { id: _id, pingId: _pingId, oldTotalizer: _old, newTotalizer: _new, ...revision } = all;
  return {
    ...revision,
    datetime: formatInstant(revision.datetime),
    revisedAt: formatInstant(revision.revisedAt),
  };
}

function changeOf({ id: _id, ...change }: ConfigurationChange): StatementChange {
  return {
    ...change,
    effectiveFrom: formatInstant(change.effectiveFrom),
    recordedAt: formatInstant(change.recordedAt),
  };
}

function thinned({ id, thinnedUntil }: SensorRecord, start: Date): InvalidInputError {
  return InvalidInputError.of(
    'start',
    `A statement lists every reading: it must begin after a reading of sensor ${id} that is not before ${formatInstant(thinnedUntil!)}, until when its readings are thinned; got ${formatInstant(start)}.`,
  );
}
