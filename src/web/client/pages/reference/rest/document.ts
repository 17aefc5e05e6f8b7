import type { ExampleSensor } from '../../../example-sensor.js';

/** Of an OpenAPI document, what is read here. */
export interface OpenApiDocument {
  readonly info: { readonly description: string };
  readonly components: { readonly parameters: Record<string, { example?: unknown }> };
}

const DAY_MS = 86_400_000;

/**
 * The document with examples that can be tried as they are: of a sensor that is there, and of today, since a ping of
 * years ago would stretch the sensor's record over all the time between.
 */
export async function loadDocument({ sensorId, until }: ExampleSensor): Promise<OpenApiDocument> {
  const response = await fetch('/api/v1/openapi.json');
  if (!response.ok) throw new Error(`The document was answered with ${response.status}.`);
  const document = JSON.parse(await response.text(), (key, value: unknown) =>
    key === 'examples' ? ofToday(value, sensorId) : value,
  ) as OpenApiDocument;

  const start = instant(until.getTime() - DAY_MS);
  const end = instant(until.getTime());
  const examples = { id: Number(sensorId), start, end, from: start, to: end };
  for (const [name, example] of Object.entries(examples)) {
    const parameter = document.components.parameters[name];
    if (parameter) parameter.example = example;
  }
  return document;
}

function ofToday(examples: unknown, sensorId: string): unknown {
  const text = JSON.stringify(examples)
    .replace(/(datetime\\?":\\?")[^"\\]+/g, `$1${instant(Date.now())}`)
    .replace(/(sensor_id\\?":)\d+/g, `$1${sensorId}`);
  return JSON.parse(text) as unknown;
}

function instant(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
