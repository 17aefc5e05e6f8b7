import type { FlowrateUnit } from '../../domain/shared/units.js';
import { needsType, propertiesOf } from './metric-value.js';
import type { Metric } from './payload.js';

/** What a metric is, as a birth says. */
export interface Definition {
  readonly name: string;
  readonly datatype: number | undefined;
  readonly unit: FlowrateUnit | undefined;
}

/** The metrics of an edge node or a device, as its birth defines them. */
export class Definitions {
  private readonly byName = new Map<string, Definition>();
  private readonly byAlias = new Map<string, Definition>();

  constructor(metrics: readonly Metric[]) {
    for (const metric of metrics) {
      const { name, alias, datatype } = metric;
      if (name === undefined) continue;
      const definition = { name, datatype, unit: propertiesOf(metric).unit };
      this.byName.set(name, definition);
      if (alias !== undefined) this.byAlias.set(alias, definition);
    }
  }

  ofAlias(alias: string): Definition | undefined {
    return this.byAlias.get(alias);
  }

  ofName(name: string): Definition | undefined {
    return this.byName.get(name);
  }
}

/** What a metric is; undefined where only a birth that was not received can say. */
export function define(metric: Metric, known: Definitions | undefined): Definition | undefined {
  const { name, alias } = metric;
  if (name === undefined) return alias === undefined ? undefined : known?.ofAlias(alias);
  const defined = known?.ofName(name);
  if (defined || needsType(metric)) return defined;
  return { name, datatype: metric.datatype, unit: undefined };
}
