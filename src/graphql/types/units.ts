import { registerEnumType } from 'type-graphql';
import { unitName } from '../../domain/shared/unit-name.js';
import {
  FLOWRATE_UNITS,
  VOLUME_UNITS,
  type FlowrateUnit as FlowrateSymbol,
  type VolumeUnit as VolumeSymbol,
} from '../../domain/shared/units.js';

const VOLUME_NAMES: Readonly<Record<VolumeSymbol, string>> = {
  bbl: 'barrels (bbl) of 42 US gallons, 158.987294928 litres',
  m3: 'cubic metres (m³)',
  gal: 'US gallons (gal) of 231 cubic inches, 3.785411784 litres',
  ft3: 'cubic feet (ft³) of 28.316846592 litres',
  l: 'litres (L)',
  'acre-ft': 'acre-feet (acre-ft) of 43 560 cubic feet',
};
const TIME_NAMES = { d: 'day', h: 'hour', min: 'minute', s: 'second' };

/** Names in the schema, with what the domain calls each unit. */
const VOLUME_SYMBOLS = namesOf(VOLUME_UNITS);
const FLOWRATE_SYMBOLS = namesOf(FLOWRATE_UNITS);

export const VolumeUnit = enumOf<VolumeSymbol>(VOLUME_SYMBOLS);
export const FlowrateUnit = enumOf<FlowrateSymbol>(FLOWRATE_SYMBOLS);

registerEnumType(VolumeUnit, {
  name: 'VolumeUnit',
  description: 'A unit of volumes. Conversions are exact and rounded once.',
  valuesConfig: descriptions(VOLUME_SYMBOLS, (symbol) => VOLUME_NAMES[symbol]),
});
registerEnumType(FlowrateUnit, {
  name: 'FlowrateUnit',
  description: 'A unit of flowrates. Conversions are exact and rounded once.',
  valuesConfig: descriptions(FLOWRATE_SYMBOLS, describeFlowrate),
});

/** The extensions of fields that take a `unit`. */
export const VOLUME = { quantity: 'VOLUME' } as const;
export const FLOWRATE = { quantity: 'FLOWRATE' } as const;

/** The extension of a reading's flowrate as it came in. */
export const ENTERED_FLOWRATE = { quantity: 'ENTERED_FLOWRATE' } as const;

export const DEFAULT_VOLUME_UNIT = 'BBL';
export const DEFAULT_FLOWRATE_UNIT = 'BBL_PER_DAY';

export function readVolumeUnit(name: string): VolumeSymbol {
  return VOLUME_SYMBOLS.get(name)!;
}

export function readFlowrateUnit(name: string): FlowrateSymbol {
  return FLOWRATE_SYMBOLS.get(name)!;
}

function namesOf<Symbol extends VolumeSymbol | FlowrateSymbol>(
  symbols: readonly Symbol[],
): ReadonlyMap<string, Symbol> {
  return new Map(symbols.map((symbol) => [unitName(symbol), symbol]));
}

/** `{ A: 'A', … }`, as type-graphql takes enums. */
function enumOf<Symbol>(symbols: ReadonlyMap<string, Symbol>): Readonly<Record<string, string>> {
  return Object.fromEntries([...symbols.keys()].map((name) => [name, name]));
}

function descriptions<Symbol>(
  symbols: ReadonlyMap<string, Symbol>,
  describe: (symbol: Symbol) => string,
): Record<string, { description: string }> {
  return Object.fromEntries(
    [...symbols].map(([name, symbol]) => {
      const text = describe(symbol);
      return [name, { description: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` }];
    }),
  );
}

function describeFlowrate(symbol: FlowrateSymbol): string {
  if (symbol === 'gpm') return 'US gallons a minute; the same as GAL_PER_MINUTE';
  if (symbol === 'cfs') return 'cubic feet a second; the same as FT3_PER_SECOND';
  if (symbol === 'MGD') return 'millions of US gallons a day';
  const [volume, time] = symbol.split('/') as [VolumeSymbol, keyof typeof TIME_NAMES];
  return `${VOLUME_NAMES[volume].replace(/ \(.*$/, '')} ${time === 'h' ? 'an' : 'a'} ${TIME_NAMES[time]}`;
}
