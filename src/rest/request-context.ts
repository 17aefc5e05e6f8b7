import type { IncomingMessage } from 'node:http';
import type { Clock } from '../domain/shared/clock.js';
import { InvalidInputError, NotFoundError, PayloadTooLargeError } from '../domain/shared/errors.js';
import type { ImportProfiles } from '../domain/transfer/import/profiles.js';
import type { Imports } from '../domain/transfer/import/imports.js';
import type { SensorList } from '../domain/sensors/sensor-list.js';
import type { PageNumber } from '../domain/shared/page.js';
import type { Pings } from '../domain/pings/pings.js';
import type { Principal } from '../domain/shared/principal.js';
import type { Sensors } from '../domain/sensors/sensors.js';
import type { HourPage, VolumeMethod, Volumes } from '../domain/volumes/volumes.js';
import { DecompressionError, type BodyLimits } from '../http/body.js';
import type { TimeRange } from '../storage/postgres/time-range.js';
import type { RestResponse } from './response.js';
import { HttpError } from './errors.js';
import type { ImportSlots } from './imports/slots.js';
import type { ListAddress } from './page-envelope.js';
import { parsePage } from './page-number.js';
import { queryParameter } from './parameters.js';

/** The parts of the domain that the documented API serves. */
export interface RestDomain {
  readonly sensors: Pick<Sensors, 'require'>;
  readonly sensorList: SensorList;
  readonly pings: Pings;
  readonly volumes: RestVolumes;
  readonly imports: Pick<Imports, 'require' | 'load'>;
  readonly importProfiles: Pick<ImportProfiles, 'list'>;
  readonly clock: Clock;
}

/** The volumes of a sensor, by the sensor's own method where none is given. */
interface RestVolumes {
  ofSensor(
    principal: Principal,
    sensorId: number,
    range: TimeRange,
    method?: VolumeMethod,
    asOf?: Date,
  ): ReturnType<Volumes['ofSensor']>;
  hourPage(
    principal: Principal,
    sensorId: number,
    range: TimeRange,
    requested: PageNumber,
    method?: VolumeMethod,
    asOf?: Date,
  ): Promise<HourPage>;
}

/** Limits of a request's body and its contents. */
export interface RequestLimits extends BodyLimits {
  readonly maxPings: number;
  /** of a file to import */
  readonly maxImportBytes: number;
  readonly importSlots: ImportSlots;
}

/** An authenticated request to a route. */
export interface RestContext {
  readonly request: IncomingMessage;
  readonly principal: Principal;
  /** from the path, in the route's order */
  readonly parameters: readonly string[];
  readonly address: ListAddress;
  readonly domain: RestDomain;
  readonly limits: RequestLimits;
  /** called with the number of rows done so far, by what takes long */
  readonly onProgress: (rows: number) => void;
}

export type RestHandler = (context: RestContext) => Promise<RestResponse>;

/** @throws NotFoundError where `page` is not a page number */
export function requestedPage({ address }: RestContext): PageNumber {
  return parsePage(queryParameter(address.query, 'page'));
}

/**
 * Does `work`. Where it fails because of the request, the sensor is checked first: an unknown
 * sensor is 404, even if the request has other errors. Where it succeeds the domain has looked the
 * sensor up, and no lookup happens twice.
 */
export async function checkSensorOnError(
  requireSensor: () => Promise<unknown>,
  work: () => Promise<RestResponse>,
): Promise<RestResponse> {
  try {
    return await work();
  } catch (error) {
    if (isRequestError(error)) await requireSensor();
    throw error;
  }
}

function isRequestError(error: unknown): boolean {
  return (
    error instanceof InvalidInputError ||
    error instanceof NotFoundError ||
    error instanceof PayloadTooLargeError ||
    error instanceof DecompressionError ||
    error instanceof HttpError
  );
}
