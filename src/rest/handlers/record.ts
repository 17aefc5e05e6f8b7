import type { IncomingMessage } from 'node:http';
import { InvalidInputError, type FieldError } from '../../domain/shared/errors.js';
import type { OnConflict, RecordOptions } from '../../domain/pings/pings.js';
import { requireScope } from '../../domain/shared/principal.js';
import { FLOWRATE_UNITS, isFlowrateUnit, type FlowrateUnit } from '../../domain/shared/units.js';
import { readBody, readWholeBody } from '../../http/body.js';
import { json, type RestResponse } from '../response.js';
import {
  checkSensorOnError,
  type RequestLimits,
  type RestContext,
  type RestHandler,
} from '../request-context.js';
import { readLines } from '../ndjson-lines.js';
import { decompressOf, JSON_TYPE, mediaTypeOf, NDJSON_TYPE } from '../media-type.js';
import { parseSensorId, queryParameter, refuseMisspelt, rethrowAs } from '../parameters.js';
import { parseJson } from '../parse-json.js';
import { parseLongJson } from '../parse-long-json.js';
import { PingParser, pythonType } from '../ping-parser.js';

/** `POST flow_sensors/ID/pings/`: one ping or an array of them. */
export const recordPingsOfSensor: RestHandler = (context) => {
  const { request, domain, principal, parameters, limits } = context;
  const { maxPings } = limits;
  const arrival = domain.clock();
  const id = parseSensorId(parameters[0]);
  const requireSensor = () => domain.pings.requireSensor(principal, id);
  return checkSensorOnError(requireSensor, async () => {
    const options = optionsOf(context);
    mediaTypeOf(request, [JSON_TYPE]);
    const body = await parseLongJson(await readWholeBody(request, limits, decompressOf(request)));
    if (!Array.isArray(body)) {
      const list = new PingParser({ maxPings, sensorId: id, arrival });
      list.add(body);
      return recordSingle(context, list, options);
    }
    // An empty array records nothing, so that the domain does not look the sensor up.
    if (body.length === 0) await requireSensor();
    const list = new PingParser({ maxPings, sensorId: id });
    await list.addAll(body);
    return record(context, list, options);
  });
};

/** `POST pings/`: an array of pings, or one on each line. */
export const recordPings: RestHandler = async (context) => {
  const { request, limits } = context;
  const options = optionsOf(context);
  const type = mediaTypeOf(request, [JSON_TYPE, NDJSON_TYPE]);
  const list = await (type === NDJSON_TYPE ? readNdjson : readArray)(request, limits);
  return record(context, list, options);
};

const ON_CONFLICT: ReadonlyMap<string, OnConflict> = new Map([
  ['reject', 'REJECT'],
  ['overwrite', 'OVERWRITE'],
]);

function optionsOf(context: RestContext): RecordOptions {
  const { query } = context.address;
  for (const name of ['on_conflict', 'reason_code', 'comment', 'unit']) refuseMisspelt(query, name);
  const reasonCode = queryParameter(query, 'reason_code') || undefined;
  const comment = queryParameter(query, 'comment') || undefined;
  return { onConflict: onConflictOf(context), reasonCode, comment, unit: unitOf(query) };
}

function unitOf(query: URLSearchParams): FlowrateUnit | undefined {
  const text = queryParameter(query, 'unit') || undefined;
  if (text === undefined || isFlowrateUnit(text)) return text;
  throw InvalidInputError.of(
    'unit',
    `${JSON.stringify(text)} is not a valid choice. Choose one of ${FLOWRATE_UNITS.join(', ')}.`,
  );
}

/**
 * @throws InvalidInputError; ForbiddenError, before the body is read, where the scope is missing
 */
function onConflictOf({ address, principal }: RestContext): OnConflict {
  const text = queryParameter(address.query, 'on_conflict') ?? 'reject';
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

async function readArray(request: IncomingMessage, limits: RequestLimits): Promise<PingParser> {
  const body = await parseLongJson(await readWholeBody(request, limits, decompressOf(request)));
  if (!Array.isArray(body)) {
    const message = `Expected a list of items but got type "${pythonType(body)}".`;
    throw new InvalidInputError([{ path: [], message }]);
  }
  const list = new PingParser(limits);
  await list.addAll(body);
  return list;
}

async function readNdjson(request: IncomingMessage, limits: RequestLimits): Promise<PingParser> {
  const list = new PingParser(limits);
  let number = 0;
  for await (const lines of readLines(readBody(request, limits, decompressOf(request)))) {
    for (const line of lines) {
      number++;
      if (!isBlank(line)) list.add(parseJson(line, { line: number, index: list.pings.length }));
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
  { pings, errors }: PingParser,
  options: RecordOptions,
): Promise<RestResponse> {
  if (errors.length > 0) {
    throw onePerField([...errors, ...(await domain.pings.errorsOf(principal, pings))]);
  }
  const { recorded, duplicates } = await domain.pings
    .record(principal, pings, options)
    .catch(rethrowAs('reasonCode', 'reason_code'));
  return json({ recorded, duplicates }, 201);
}

/** The errors of a single ping are keyed by field alone. */
async function recordSingle(...args: Parameters<typeof record>): Promise<RestResponse> {
  try {
    return await record(...args);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const [first, ...rest] = error.errors.map(({ path, message }) => ({
      path: typeof path[0] === 'number' ? path.slice(1) : path,
      message,
    }));
    throw new InvalidInputError([first!, ...rest]);
  }
}

/** The first error of each field: errors of a placeholder are not reported. */
function onePerField(errors: readonly FieldError[]): InvalidInputError {
  const byField = new Map<string, FieldError>();
  const whole = new Set<string | number | undefined>();
  for (const error of errors) {
    const [index] = error.path;
    const key = error.path.join(' ');
    if (whole.has(index) || byField.has(key)) continue;
    if (error.path.length === 1) whole.add(index);
    byField.set(key, error);
  }
  const [first, ...rest] = byField.values();
  return new InvalidInputError([first!, ...rest]);
}
