import type { FlowrateUnit, VolumeUnit } from '../../generated/graphql/graphql.js';
import { unitName } from '../../domain/shared/unit-name.js';
import type { DisplayUnits } from '../../domain/shared/units.js';

/** The units of the user's pages, which the server writes into the document. */
export const displayUnits = readUnits();

/** How pages write them: `m³` and `m³/h`. */
export const volumeUnit = unitLabel(displayUnits.volumeUnit);
export const flowrateUnit = unitLabel(displayUnits.flowrateUnit);

/** The variables of a query that asks for figures in the user's units. */
export const unitVariables = {
  volumeUnit: unitName(displayUnits.volumeUnit) as VolumeUnit,
  flowrateUnit: unitName(displayUnits.flowrateUnit) as FlowrateUnit,
};

/** Such as `m³/h` of `m3/h`. */
export function unitLabel(symbol: string): string {
  return symbol.replace('3', '³').replace(/^l\b/, 'L');
}

function readUnits(): DisplayUnits {
  const { volumeUnit: volume, flowrateUnit: flowrate } = document.documentElement.dataset;
  return {
    volumeUnit: (volume || 'bbl') as DisplayUnits['volumeUnit'],
    flowrateUnit: (flowrate || 'bbl/d') as DisplayUnits['flowrateUnit'],
  };
}
