import type { IncomingMessage } from 'node:http';
import { InvalidInputError, type FieldError } from '../../domain/shared/errors.js';
import type { OnConflict } from '../../domain/pings/pings.js';
import { requireScope } from '../../domain/shared/principal.js';
import { json, type RestResponse } from '../response.js';
import { readBody, readWholeBody } from '../body.js';
import {
  checkSensorOnError,
  type BodyLimits,
  type RestContext,
  type RestHandler,
} from '../request-context.js';
import { readLines } from '../ndjson-lines.js';
import { JSON_TYPE, mediaTypeOf, NDJSON_TYPE } from '../media-type.js';
import { last, sensorId } from '../parameters.js';
import { parseJson } from '../parse-json.js';
import { PingParser, pythonType } from '../ping-parser.js';

/** `POST flow_sensors/ID/pings/`: one ping or an array of them. */
export const recordPingsOfSensor: RestHandler = (context) => {
  const { request, domain, principal, parameters, limits } = context;
  const arrival = domain.clock();
  const id = sensorId(parameters[0]);
  const requireSensor = () => domain.pings.requireSensor(principal, id);
  return checkSensorOnError(requireSensor, async () => {
    const onConflict = onConflictOf(context);
    mediaTypeOf(request, [JSON_TYPE]);
    const body = parseJson(await readWholeBody(request, limits.maxBodyBytes));
    if (!Array.isArray(body)) {
      const list = new PingParser({ ...limits, sensorId: id, arrival });
      list.add(body);
      return recordSingle(context, list, onConflict);
    }
    // Of no pings at all the domain need not know the sensor.
    if (body.length === 0) await requireSensor();
    const list = new PingParser({ ...limits, sensorId: id });
    for (const ping of body) list.add(ping);
    return record(context, list, onConflict);
  });
};

/** `POST pings/`: an array of pings, or one on each line. */
export const recordPings: RestHandler = async (context) => {
  const { request, limits } = context;
  const onConflict = onConflictOf(context);
  const type = mediaTypeOf(request, [JSON_TYPE, NDJSON_TYPE]);
  const list = await (type === NDJSON_TYPE ? readNdjson : readArray)(request, limits);
  return record(context, list, onConflict);
};

const ON_CONFLICT: ReadonlyMap<string, OnConflict> = new Map([
  ['reject', 'REJECT'],
  ['overwrite', 'OVERWRITE'],
]);

/** @throws InvalidInputError; ForbiddenError before a body is read that may not be recorded so */
function onConflictOf({ address, principal }: RestContext): OnConflict {
  const text = last(address.query, 'on_conflict') ?? 'reject';
  const onConflict = ON_CONFLICT.get(text);
  if (!onConflict) {
    throw InvalidInputError.of(
      'on_conflict',
      `${JSON.stringify(text)} is not a valid choice. Choose reject or overwrite.`,
    );
  }
  if (onConflict === 'OVERWRITE') requireScope(principal, 'ADMIN');
  return onConflict;
}

async function readArray(request: IncomingMessage, limits: BodyLimits): Promise<PingParser> {
  const body = parseJson(await readWholeBody(request, limits.maxBodyBytes));
  if (!Array.isArray(body)) {
    const message = `Expected a list of items but got type "${pythonType(body)}".`;
    throw new InvalidInputError([{ path: [], message }]);
  }
  const list = new PingParser(limits);
  for (const ping of body) list.add(ping);
  return list;
}

async function readNdjson(request: IncomingMessage, limits: BodyLimits): Promise<PingParser> {
  const list = new PingParser(limits);
  let number = 0;
  for await (const lines of readLines(readBody(request, limits.maxBodyBytes))) {
    for (const line of lines) {
      number++;
      if (!isBlank(line)) list.add(parseJson(line, number));
    }
  }
  return list;
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => BLANKS.includes(byte));
}

const BLANKS = Buffer.from(' \t\r');

async function record(
  { domain, principal }: RestContext,
  { pings, faults }: PingParser,
  onConflict: OnConflict,
): Promise<RestResponse> {
  if (faults.length > 0) {
    throw faulty([...faults, ...(await domain.pings.faults(principal, pings))]);
  }
  const { recorded, duplicates } = await domain.pings.record(principal, pings, { onConflict });
  return json({ recorded, duplicates }, 201);
}

/** Faults of the only ping are told by their fields alone. */
async function recordSingle(...args: Parameters<typeof record>): Promise<RestResponse> {
  try {
    return await record(...args);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const [first, ...rest] = error.errors.map((fault) => ({ ...fault, path: fault.path.slice(1) }));
    throw new InvalidInputError([first!, ...rest]);
  }
}

/** One fault for each field: what the domain says of a stand-in is nothing to tell. */
function faulty(faults: readonly FieldError[]): InvalidInputError {
  const told = new Map<string, FieldError>();
  const whole = new Set<string | number | undefined>();
  for (const fault of faults) {
    const [index] = fault.path;
    const key = fault.path.join(' ');
    if (whole.has(index) || told.has(key)) continue;
    if (fault.path.length === 1) whole.add(index);
    told.set(key, fault);
  }
  const [first, ...rest] = told.values();
  return new InvalidInputError([first!, ...rest]);
}
