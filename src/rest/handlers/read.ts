import { InvalidInputError } from '../../domain/shared/errors.js';
import { formatInstant } from '../../domain/shared/time.js';
import type { VolumeMethod } from '../../domain/volumes/volumes.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import { json, jsonText } from '../response.js';
import {
  requestedPage,
  checkSensorOnError,
  type RestContext,
  type RestHandler,
} from '../request-context.js';
import { listResponse } from '../page-envelope.js';
import { hourArray } from '../hour-array.js';
import {
  parseInstants,
  parseSensorId,
  queryParameter,
  refuseMisspelt,
  rethrowAs,
} from '../parameters.js';
import { pingArray } from '../ping-array.js';
import { sensorObject } from '../sensor-object.js';

export const listSensors: RestHandler = async (context) => {
  const { domain, principal, address } = context;
  const page = await domain.sensorList.page(principal, requestedPage(context));
  return listResponse(page, `[${page.sensors.map(sensorObject).join()}]`, address);
};

export const getSensor: RestHandler = async ({ domain, principal, parameters }) =>
  jsonText(sensorObject(await domain.sensorList.one(principal, parseSensorId(parameters[0]))));

export const listPings: RestHandler = (context) =>
  ofSensor(context, async (id) => {
    const { domain, principal, address } = context;
    const { query } = address;
    const interval = parseInstants({
      start: queryParameter(query, 'start'),
      end: queryParameter(query, 'end'),
    });
    const page = await domain.pings.page(principal, id, interval, requestedPage(context));
    return listResponse(page, pingArray(page), address);
  });

export const getFlowVolume: RestHandler = (context) =>
  ofSensor(context, async (id) => {
    const range = rangeOf(context);
    const { domain, principal } = context;
    const found = await domain.volumes
      .ofSensor(principal, id, range, methodOf(context), asOfOf(context))
      .catch(rethrowAs('asOf', 'as_of'));
    return json({
      sensor_id: found.sensorId,
      sensor_name: found.sensorName,
      flow_volume: found.volume,
      start: formatInstant(range.start),
      end: formatInstant(range.end),
    });
  });

export const listFlowVolumeHours: RestHandler = (context) =>
  ofSensor(context, async (id) => {
    const { domain, principal, address } = context;
    const range = rangeOf(context);
    const [method, asOf] = [methodOf(context), asOfOf(context)];
    const requested = requestedPage(context);
    const page = await domain.volumes
      .hourPage(principal, id, range, requested, method, asOf)
      .catch(rethrowAs('asOf', 'as_of'));
    return listResponse(page, hourArray(page), address);
  });

function ofSensor(
  { domain, principal, parameters }: RestContext,
  work: (id: number) => ReturnType<RestHandler>,
): ReturnType<RestHandler> {
  const id = parseSensorId(parameters[0]);
  return checkSensorOnError(
    () => domain.sensors.require(principal, id),
    () => work(id),
  );
}

const METHODS: readonly VolumeMethod[] = ['LINEAR', 'STEP'];

/** @throws InvalidInputError */
function asOfOf({ address: { query } }: RestContext): Date | undefined {
  refuseMisspelt(query, 'as_of');
  return parseInstants({ as_of: queryParameter(query, 'as_of') }).as_of;
}

/** @throws InvalidInputError */
function methodOf({ address: { query } }: RestContext): VolumeMethod | undefined {
  refuseMisspelt(query, 'method');
  const text = queryParameter(query, 'method');
  if (text === undefined) return undefined;
  const method = METHODS.find((each) => each === text);
  if (method) return method;
  throw InvalidInputError.of(
    'method',
    `${JSON.stringify(text)} is not a valid choice. Choose ${METHODS.join(' or ')}.`,
  );
}

/** @throws InvalidInputError */
function rangeOf({ parameters: [, startText, endText] }: RestContext): TimeRange {
  const { start, end } = parseInstants({ start: startText, end: endText });
  if (!start || !end) throw new TypeError('The route has no datetimes.');
  if (end < start) throw InvalidInputError.of('end', 'Must not be before start.');
  return { start, end };
}
