import type { IncomingMessage } from 'node:http';
import type { Clock } from '../domain/shared/clock.js';
import { InvalidInputError, NotFoundError, PayloadTooLargeError } from '../domain/shared/errors.js';
import type { SensorList } from '../domain/sensors/sensor-list.js';
import type { PageNumber } from '../domain/shared/page.js';
import type { Pings } from '../domain/pings/pings.js';
import type { Principal } from '../domain/shared/principal.js';
import type { Sensors } from '../domain/sensors/sensors.js';
import type { Volumes } from '../domain/volumes/volumes.js';
import type { RestResponse } from './response.js';
import { HttpError } from './errors.js';
import type { ListAddress } from './page-envelope.js';
import { parsePage } from './page-number.js';
import { last } from './parameters.js';

/** What of the domain the documented API serves. */
export interface RestDomain {
  readonly sensors: Pick<Sensors, 'require'>;
  readonly sensorList: SensorList;
  readonly pings: Pings;
  readonly volumes: Volumes;
  readonly clock: Clock;
}

export interface BodyLimits {
  /** decoded */
  readonly maxBodyBytes: number;
  readonly maxPings: number;
}

/** One authenticated request to a route. */
export interface RestContext {
  readonly request: IncomingMessage;
  readonly principal: Principal;
  /** of the path, in the route's order */
  readonly parameters: readonly string[];
  readonly address: ListAddress;
  readonly domain: RestDomain;
  readonly limits: BodyLimits;
}

export type RestHandler = (context: RestContext) => Promise<RestResponse>;

/** @throws NotFoundError where `page` is no page */
export function requestedPage({ address }: RestContext): PageNumber {
  return parsePage(last(address.query, 'page'));
}

/**
 * Does `work`. Where that finds a fault in what was sent, the sensor comes first: an unknown one is not found,
 * whatever else is wrong. Where all is well the domain has looked it up anyway, and nothing is asked twice.
 */
export async function checkSensorOnError(
  requireSensor: () => Promise<unknown>,
  work: () => Promise<RestResponse>,
): Promise<RestResponse> {
  try {
    return await work();
  } catch (error) {
    if (isFaultOfRequest(error)) await requireSensor();
    throw error;
  }
}

function isFaultOfRequest(error: unknown): boolean {
  return (
    error instanceof InvalidInputError ||
    error instanceof NotFoundError ||
    error instanceof PayloadTooLargeError ||
    error instanceof HttpError
  );
}
