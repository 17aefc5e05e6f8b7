type Shape =
  | 'string'
  | 'number'
  | 'datetime'
  | 'any'
  | ListShape
  | OptionalShape
  | LaterShape
  | ObjectShape;
interface ListShape {
  readonly listOf: Shape;
  /** the least number of items */
  readonly least?: number;
}
interface OptionalShape {
  /** or null */
  readonly optional: Shape;
}
interface LaterShape {
  /** or absent: earlier files have none */
  readonly later: Shape;
}
interface ObjectShape {
  readonly [field: string]: Shape;
}

const FIGURES = {
  ...{ start: 'datetime', end: 'datetime', volume: 'number', volumeMeasured: 'number' },
  ...{ volumeInterpolated: 'number', durationGood: 'number', durationInterpolated: 'number' },
  ...{ durationMissing: 'number', readings: 'number' },
} as const satisfies ObjectShape;

const READING = { datetime: 'datetime', flowrate: 'number' } as const satisfies ObjectShape;

const inForce = (value: Shape): ListShape => ({
  listOf: { from: { optional: 'datetime' }, value },
  least: 1,
});

/** What the verification reads; the rest of a file is covered by its hashes. */
const FILE: ObjectShape = {
  statement: {
    ...{ account: 'string', number: 'number', version: 'number', issuedAt: 'datetime' },
    ...{ previousHash: { optional: 'string' }, keyFingerprint: 'string' },
    ...{ start: 'datetime', end: 'datetime', volume: 'number' },
    sensors: { listOf: { id: 'number', name: 'string', volume: 'number', hash: 'string' } },
  },
  sensors: {
    listOf: {
      content: {
        period: FIGURES,
        days: { listOf: FIGURES },
        hours: { listOf: FIGURES },
        readingBefore: { optional: READING },
        readings: { listOf: READING },
        readingAfter: { optional: READING },
        maxGaps: inForce('number'),
        methods: inForce('string'),
        meterFactors: { later: inForce('number') },
      },
      checksums: 'any',
    },
  },
  checksums: 'any',
  hash: 'string',
  signature: { algorithm: 'string', publicKey: 'string', value: 'string' },
};

/** The place of the first field that the verification needs and a file lacks; undefined: it has all. */
export function misfit(file: unknown): string | undefined {
  return find(file, FILE, '')?.replace(/^\./, '');
}

function find(value: unknown, shape: Shape, place: string): string | undefined {
  if (typeof shape === 'string') return isScalar(value, shape) ? undefined : place;
  if ('optional' in shape) return value === null ? undefined : find(value, shape.optional, place);
  if ('later' in shape) return value === undefined ? undefined : find(value, shape.later, place);
  if ('listOf' in shape) {
    const { listOf, least = 0 } = shape as ListShape;
    if (!Array.isArray(value) || value.length < least) return place;
    return first(value, (item, index) => find(item, listOf, `${place}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) return place;
  const fields = value as Record<string, unknown>;
  return first(Object.entries(shape), ([field, own]) =>
    find(fields[field], own, `${place}.${field}`),
  );
}

function isScalar(value: unknown, shape: 'string' | 'number' | 'datetime' | 'any'): boolean {
  if (shape === 'any') return value !== undefined;
  if (shape === 'number') return Number.isFinite(value);
  return typeof value === 'string' && (shape === 'string' || !Number.isNaN(Date.parse(value)));
}

function first<Item>(
  items: readonly Item[],
  search: (item: Item, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = search(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
