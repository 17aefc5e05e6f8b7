import { FLOWRATE_FIELD } from '../../domain/transfer/devices/field-readings.js';

const PLACEHOLDERS = ['{group}', '{node}', '{device}', '{metric}'];
const PLACEHOLDER = /\{[^{}]*\}/g;
const MAX_LENGTH = 255;

/** What the parts of a sensor's name stand for. */
export interface MetricName {
  readonly group: string;
  readonly node: string;
  /** undefined: a metric of the edge node itself */
  readonly device: string | undefined;
  readonly metric: string;
}

/** How the names of sensors are made from those of metrics, such as `{group}/{node}/{device}/{metric}`. */
export class SensorTemplate {
  private constructor(readonly text: string) {}

  /** Undefined where it is not one. */
  static parse(text: string): SensorTemplate | undefined {
    const found = text.match(PLACEHOLDER) ?? [];
    const rest = text.replaceAll(PLACEHOLDER, '');
    const isValid =
      found.length > 0 &&
      found.every((each) => PLACEHOLDERS.includes(each)) &&
      !/[{}\u0000-\u001f]/.test(rest) &&
      text.length <= MAX_LENGTH;
    return isValid ? new SensorTemplate(text) : undefined;
  }

  /** Undefined for another metric than `flowrate`, where the template does not tell metrics apart. */
  nameOf(name: MetricName): string | undefined {
    if (!this.text.includes('{metric}') && name.metric !== FLOWRATE_FIELD) return undefined;
    return this.text.replaceAll(
      PLACEHOLDER,
      (each) => name[each.slice(1, -1) as keyof MetricName] ?? '',
    );
  }
}
