import type { Request, RequestHandler } from 'express';
import { InvalidInputError, NotFoundError } from '../../domain/shared/errors.js';
import type { Exports } from '../../domain/transfer/export.js';
import type { SensorGroup, SensorGroups } from '../../domain/groups/sensor-groups.js';
import type { Sensors } from '../../domain/sensors/sensors.js';
import { isRecordId } from '../../domain/shared/record-id.js';
import {
  VOLUME_INTERVALS,
  type Calendar,
  type VolumeInterval,
  type Volumes,
} from '../../domain/volumes/volumes.js';
import type { Calendars, NamedCalendar } from '../../domain/volumes/calendars.js';
import type { Principal } from '../../domain/shared/principal.js';
import type { RequestAuthenticator } from '../../http/request-authenticator.js';
import { onBehalfOf } from '../../http/response-signal.js';
import { attach, download, type DownloadDeps } from './download.js';
import {
  BARREL_UNITS,
  FLOWRATE_UNITS,
  VOLUME_UNITS,
  type DisplayUnits,
} from '../../domain/shared/units.js';
import { instant, parameter, required, unit } from './query-parameters.js';
import { pingsFileName, volumeRows, volumesFileName, volumesHeader } from './volumes-csv.js';
import { VolumesOfAll } from './volumes-of-all.js';

export interface CsvDeps extends DownloadDeps {
  readonly requestAuthenticator: RequestAuthenticator;
  readonly sensors: Sensors;
  readonly volumes: Volumes;
  readonly exports: Exports;
  readonly calendars: Calendars;
  readonly groups: Pick<SensorGroups, 'require'>;
}

type Place = Omit<Calendar, 'interval'>;

/** What a sensor's page shows, as files: for a session, a token or a password. */
export class CsvFiles {
  constructor(private readonly deps: CsvDeps) {}

  /** `?start=&end=`, both inclusive, and `&flowrateUnit=`, all optional; streamed. */
  readonly pings: RequestHandler = async (request, response) => {
    const { requestAuthenticator, exports } = this.deps;
    const principal = await requestAuthenticator.authenticate(request);
    const id = sensorIdOf(request);
    const options = {
      sensorId: id,
      start: instant(request, 'start'),
      end: instant(request, 'end'),
      unit: unitsOf(request).flowrateUnit,
    };
    const name = pingsFileName(id, options);
    const reader = onBehalfOf(principal, response);
    await exports.check(reader, options);
    await download({ request, response, principal, name }, this.deps, (write) =>
      exports.run(reader, { ...options, forSpreadsheet: true }, write),
    );
  };

  /** `?start=&end=&interval=`, with `&timeZone=&dayStart=` or `&calendar=`, and `&volumeUnit=&flowrateUnit=`, as of GraphQL's `flowVolumes`. */
  readonly volumes: RequestHandler = async (request, response) => {
    const { requestAuthenticator, sensors, volumes } = this.deps;
    const principal = onBehalfOf(await requestAuthenticator.authenticate(request), response);
    const id = sensorIdOf(request);
    const sensor = await sensors.require(principal, id);
    const range = { start: required(request, 'start'), end: required(request, 'end') };
    const interval = intervalOf(request) ?? 'DAY';
    const named = await this.calendarOf(request, principal);
    const calendar = { interval, ...placeOf(request, named) };
    const units = unitsOf(request, named);
    const method = named?.method ?? (sensor.methodChangedAt ? undefined : sensor.method);
    const found = method
      ? await volumes.ofCalendar(principal, [id], range, calendar, method)
      : await volumes.ofCalendarByOwnMethod(principal, [sensor], range, calendar);
    const cut = await volumes.cutEnds(principal, range, calendar);
    attach(response, volumesFileName(`sensor-${id}-volumes`, range, interval));
    const rows = volumeRows(sensor, found.get(id) ?? [], calendar, cut, units);
    response.end(volumesHeader(units) + rows);
  };

  /**
   * The same of all sensors by name, or of those of `&group=`, with the tag `&tag=`, and with `&search=`
   * in their name or as their id; without an interval one volume of the whole range for each. Streamed.
   */
  readonly volumesOfAll: RequestHandler = async (request, response) => {
    const principal = await this.deps.requestAuthenticator.authenticate(request);
    const range = { start: required(request, 'start'), end: required(request, 'end') };
    const interval = intervalOf(request);
    const named = await this.calendarOf(request, principal);
    const [place, units] = [placeOf(request, named), unitsOf(request, named)];
    const group = await this.groupOf(request, principal);
    const method = named?.method ?? undefined;
    const [tag, search] = [parameter(request, 'tag'), parameter(request, 'search')];
    const filter = {
      retired: 'INCLUDE' as const,
      ...(group && { groupIds: [group.id] }),
      ...(tag !== undefined && { tags: [tag] }),
    };
    const options = { range, interval, place, units, method, filter, search };
    const what = group ? `group-${group.id}-volumes` : 'volumes';
    const name = volumesFileName(what, range, interval);
    const reader = onBehalfOf(principal, response);
    await download({ request, response, principal, name }, this.deps, (write) =>
      new VolumesOfAll(this.deps).write(reader, options, write),
    );
  };

  /** The group of the account that `?group=` names. @throws NotFoundError */
  private async groupOf(request: Request, principal: Principal): Promise<SensorGroup | undefined> {
    const id = parameter(request, 'group');
    if (id === undefined) return undefined;
    if (!/^\d{1,10}$/.test(id) || !isRecordId(Number(id))) throw new NotFoundError();
    return this.deps.groups.require(principal, Number(id));
  }

  /** The calendar of the account that `?calendar=` names. */
  private async calendarOf(
    request: Request,
    principal: Principal,
  ): Promise<NamedCalendar | undefined> {
    const name = parameter(request, 'calendar');
    return name === undefined ? undefined : this.deps.calendars.require(principal, name);
  }
}

/** @throws NotFoundError also of digits that can be no sensor's id */
function sensorIdOf({ params }: Request): number {
  const id = String(params.id);
  if (!/^\d{1,10}$/.test(id)) throw new NotFoundError();
  return Number(id);
}

/**
 * In which zone days are counted, and when a contract day begins.
 * @throws InvalidInputError where a calendar says it, and so does the request
 */
function placeOf(request: Request, calendar: NamedCalendar | undefined): Place {
  const [timeZone, dayStart] = [parameter(request, 'timeZone'), parameter(request, 'dayStart')];
  if (!calendar) return { timeZone: timeZone ?? 'UTC', dayStart: dayStart ?? '00:00' };
  const second =
    timeZone === undefined ? (dayStart === undefined ? undefined : 'dayStart') : 'timeZone';
  if (second) throw InvalidInputError.of(second, `${second} must not be given beside calendar.`);
  return { timeZone: calendar.timeZone, dayStart: calendar.dayStart };
}

function unitsOf(request: Request, calendar: DisplayUnits = BARREL_UNITS): DisplayUnits {
  return {
    volumeUnit: unit(request, 'volumeUnit', VOLUME_UNITS) ?? calendar.volumeUnit,
    flowrateUnit: unit(request, 'flowrateUnit', FLOWRATE_UNITS) ?? calendar.flowrateUnit,
  };
}

function intervalOf(request: Request): VolumeInterval | undefined {
  const text = parameter(request, 'interval');
  if (text === undefined) return undefined;
  const found = VOLUME_INTERVALS.find((interval) => interval === text);
  if (found) return found;
  throw InvalidInputError.of('interval', `interval must be one of ${VOLUME_INTERVALS.join(', ')}.`);
}
