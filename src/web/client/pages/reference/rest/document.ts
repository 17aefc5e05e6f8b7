import type { ExampleSensor } from '../../../example-sensor.js';
import { isoInstant } from '../../../iso-instant.js';
import { serverAddress } from '../../../server-address.js';

/** The parts of an OpenAPI document that are used here. */
export interface OpenApiDocument {
  readonly info: { readonly description: string };
  readonly components: { readonly parameters: Record<string, { example?: unknown }> };
}

const DAY_MS = 86_400_000;

/**
 * The OpenAPI document with examples for a sensor of the account, in the days before its last
 * reading.
 */
export async function loadDocument({ sensorId, until }: ExampleSensor): Promise<OpenApiDocument> {
  const response = await fetch(serverAddress('/api/v1/openapi.json'));
  if (!response.ok) throw new Error(`The server answered with ${response.status}.`);
  const document = JSON.parse(await response.text(), (key, value: unknown) =>
    key === 'requestBody' ? toBeFilledIn(value, sensorId) : value,
  ) as OpenApiDocument;

  const start = isoInstant(until.getTime() - DAY_MS);
  const end = isoInstant(until);
  const examples = { id: Number(sensorId), start, end, from: start, to: end };
  for (const [name, example] of Object.entries(examples)) {
    const parameter = document.components.parameters[name];
    if (parameter) parameter.example = example;
  }
  // Filled in, it would give figures of a time before the readings: 0.
  delete document.components.parameters.as_of?.example;
  return document;
}

/**
 * Examples of now and of the account's own sensor, which lack the flowrate: the server refuses them
 * as they are, so that trying them records no false reading.
 */
function toBeFilledIn(requestBody: unknown, sensorId: string): unknown {
  const text = JSON.stringify(requestBody)
    .replace(/(flowrate(\\*)":)[\d.]+/g, '$1$2"flowrate in bbl/d$2"')
    .replace(/(datetime\\?":\\?")[^"\\]+/g, `$1${isoInstant(Date.now())}`)
    .replace(/(sensor_id\\?":)\d+/g, `$1${sensorId}`);
  return JSON.parse(text) as unknown;
}
