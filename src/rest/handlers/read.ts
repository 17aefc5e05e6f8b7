import { InvalidInputError } from '../../domain/shared/errors.js';
import { formatInstant } from '../../domain/shared/time.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import { json, jsonText } from '../response.js';
import { requestedPage, sensorFirst, type Exchange, type Handler } from '../request-context.js';
import { listAnswer } from '../page-envelope.js';
import { hourArray } from '../hour-array.js';
import { instants, last, sensorId } from '../parameters.js';
import { pingArray } from '../ping-array.js';
import { sensorObject } from '../sensor-object.js';

export const listSensors: Handler = async (exchange) => {
  const { domain, principal, address } = exchange;
  const page = await domain.listedSensors.page(principal, requestedPage(exchange));
  return listAnswer(page, `[${page.sensors.map(sensorObject).join()}]`, address);
};

export const getSensor: Handler = async ({ domain, principal, parameters }) =>
  jsonText(sensorObject(await domain.listedSensors.one(principal, sensorId(parameters[0]))));

export const listPings: Handler = (exchange) =>
  ofSensor(exchange, async (id) => {
    const { domain, principal, address } = exchange;
    const { query } = address;
    const interval = instants({ start: last(query, 'start'), end: last(query, 'end') });
    const page = await domain.pings.page(principal, id, interval, requestedPage(exchange));
    return listAnswer(page, pingArray(page), address);
  });

export const getFlowVolume: Handler = (exchange) =>
  ofSensor(exchange, async (id) => {
    const range = rangeOf(exchange);
    const found = await exchange.domain.volumes.ofSensor(exchange.principal, id, range);
    return json({
      sensor_id: found.sensorId,
      sensor_name: found.sensorName,
      flow_volume: found.volume,
      start: formatInstant(range.start),
      end: formatInstant(range.end),
    });
  });

export const listFlowVolumeHours: Handler = (exchange) =>
  ofSensor(exchange, async (id) => {
    const { domain, principal, address } = exchange;
    const range = rangeOf(exchange);
    const page = await domain.volumes.hourPage(principal, id, range, requestedPage(exchange));
    return listAnswer(page, hourArray(page), address);
  });

function ofSensor(
  { domain, principal, parameters }: Exchange,
  work: (id: number) => ReturnType<Handler>,
): ReturnType<Handler> {
  const id = sensorId(parameters[0]);
  return sensorFirst(
    () => domain.sensors.require(principal, id),
    () => work(id),
  );
}

/** @throws InvalidInputError */
function rangeOf({ parameters: [, startText, endText] }: Exchange): TimeRange {
  const { start, end } = instants({ start: startText, end: endText });
  if (!start || !end) throw new TypeError('The route has no datetimes.');
  if (end < start) throw InvalidInputError.of('end', 'Must not be before start.');
  return { start, end };
}
