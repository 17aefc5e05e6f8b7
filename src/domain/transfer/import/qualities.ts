import { QUALITY_RULE, readQuality, type Quality } from '../../pings/quality.js';
import type { Columns } from './columns.js';
import { quote, type ImportErrorList } from './errors.js';
import type { QualityCounts } from './options.js';

/** Reads the column of qualities, where the file has one. */
export class QualityReader {
  private readonly accepted: ReadonlySet<string> | undefined;
  private uncertain = 0;
  private bad = 0;

  constructor(
    private readonly columns: Columns,
    private readonly errors: ImportErrorList,
  ) {
    const { quality, conditions } = columns;
    this.accepted = conditions.find(({ index }) => index === quality?.index)?.values;
  }

  /** Undefined where the file does not say it, or after an error. */
  read(line: number, fields: readonly string[]): Quality | undefined {
    const column = this.columns.quality;
    const text = column ? fields[column.index]!.trim() : '';
    if (!column || text === '') return undefined;
    const quality = readQuality(text);
    if (quality === 'BAD') this.bad++;
    if (quality === 'UNCERTAIN') this.uncertain++;
    // A value that the user named in a condition is known to be meant.
    if (quality === undefined && !this.accepted?.has(text)) {
      const message = `Must be ${QUALITY_RULE}, or empty; got ${quote(text)}.`;
      const remedies = [{ option: 'where', value: `${column.name}=${text}` }] as const;
      this.errors.add({ line, column: column.name, message, remedies });
    }
    return quality;
  }

  get counts(): QualityCounts {
    return { uncertain: this.uncertain, bad: this.bad };
  }
}

/**
 * The columns, without one of the usual name whose values are of another kind, unless it was asked
 * for.
 */
export function withoutForeignQuality(
  columns: Columns,
  sample: readonly (readonly string[])[],
  isNamed: boolean,
): Columns {
  const { quality, unread } = columns;
  if (!quality || isNamed) return columns;
  const values = sample
    .map((fields) => fields[quality.index]!)
    .filter((text) => text.trim() !== '');
  if (values.length === 0 || values.some((text) => readQuality(text))) return columns;
  return { ...columns, quality: undefined, unread: [...unread, quality.name] };
}
