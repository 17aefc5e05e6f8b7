/** A part of a reading that has a default where a message leaves it out. */
export type OptionalPart = 'datetime' | 'quality' | 'totalizer' | 'unit';

/** What other programs call it, in small letters alone. */
const NAMES: Readonly<Record<OptionalPart, string>> = {
  datetime:
    'datetime timestamp time ts t date utc epoch createdat recordedat observedat measuredat sampledat takenat',
  quality: 'quality q opcquality dataquality qualitycode',
  totalizer: 'totalizer totaliser',
  unit: 'unit units uom engunit engunits flowunit flowunits flowrateunit unitofmeasure',
};
const PARTS = new Map(
  (Object.keys(NAMES) as OptionalPart[]).flatMap((part) =>
    NAMES[part].split(' ').map((name) => [name, part] as const),
  ),
);
const MAX_NAME = 30;

/**
 * The part of a reading that a key probably means, such as `Timestamp`, `date_time` or `units`. As an
 * unknown key it would be ignored, and the part would silently have its default.
 */
export function partMeantBy(key: string): OptionalPart | undefined {
  if (key.length > MAX_NAME) return undefined;
  const name = key.toLowerCase().replace(/[^a-z]/g, '');
  return PARTS.get(name) ?? (/(?:time|date)stamp/.test(name) ? 'datetime' : undefined);
}
