import type { IncomingMessage } from 'node:http';
import type { Clock } from '../domain/clock.js';
import { InvalidInputError, NotFoundError, PayloadTooLargeError } from '../domain/errors.js';
import type { ListedSensors } from '../domain/listed-sensors.js';
import type { PageNumber } from '../domain/page.js';
import type { Pings } from '../domain/pings.js';
import type { Principal } from '../domain/principal.js';
import type { Sensors } from '../domain/sensors.js';
import type { Volumes } from '../domain/volumes.js';
import type { Answer } from './answer.js';
import { HttpError } from './errors.js';
import type { ListAddress } from './list.js';
import { parsePage } from './page-number.js';
import { last } from './parameters.js';

/** What of the domain the documented API serves. */
export interface RestDomain {
  readonly sensors: Pick<Sensors, 'require'>;
  readonly listedSensors: ListedSensors;
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
export interface Exchange {
  readonly request: IncomingMessage;
  readonly principal: Principal;
  /** of the path, in the route's order */
  readonly parameters: readonly string[];
  readonly address: ListAddress;
  readonly domain: RestDomain;
  readonly limits: BodyLimits;
}

export type Handler = (exchange: Exchange) => Promise<Answer>;

/** @throws NotFoundError where `page` is no page */
export function requestedPage({ address }: Exchange): PageNumber {
  return parsePage(last(address.query, 'page'));
}

/**
 * Does `work`. Where that finds a fault in what was sent, the sensor comes first: an unknown one is not found,
 * whatever else is wrong. Where all is well the domain has looked it up anyway, and nothing is asked twice.
 */
export async function sensorFirst(
  requireSensor: () => Promise<unknown>,
  work: () => Promise<Answer>,
): Promise<Answer> {
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
