import { InvalidInputError } from '../../domain/shared/errors.js';
import { formatInstant } from '../../domain/shared/time.js';
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
import { parseInstants, parseSensorId, queryParameter } from '../parameters.js';
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
    const found = await context.domain.volumes.ofSensor(context.principal, id, range);
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
    const page = await domain.volumes.hourPage(principal, id, range, requestedPage(context));
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

/** @throws InvalidInputError */
function rangeOf({ parameters: [, startText, endText] }: RestContext): TimeRange {
  const { start, end } = parseInstants({ start: startText, end: endText });
  if (!start || !end) throw new TypeError('The route has no datetimes.');
  if (end < start) throw InvalidInputError.of('end', 'Must not be before start.');
  return { start, end };
}
