import type { Quality } from '../../pings/quality.js';
import type { OnConflict } from '../../pings/resolve-conflicts.js';
import type { FlowrateUnit } from '../../shared/units.js';
import type { DateFormat } from './date-format.js';
import type { SensorChanges } from './sensor-changes.js';

/** What the columns of the file are called, where it is not what Flowgate calls them. */
export interface ColumnNames {
  readonly sensorId?: string | undefined;
  readonly sensorName?: string | undefined;
  /** `Date+Time` joins two columns with a space */
  readonly datetime?: string | undefined;
  /** of a wide table, `A+B` names the columns that hold flowrates */
  readonly flowrate?: string | undefined;
  readonly latitude?: string | undefined;
  readonly longitude?: string | undefined;
  readonly pipeDiameter?: string | undefined;
  readonly quality?: string | undefined;
  readonly totalizer?: string | undefined;
}

/** A value that a column must have for a row to be read. */
export interface Condition {
  readonly column: string;
  readonly value: string;
}

/** How the file is written. What is absent is recognised where that is certain. */
export interface ImportFormat {
  /** one character */
  readonly delimiter?: string | undefined;
  /** lines before the header that are not read */
  readonly skipLines?: number | undefined;
  readonly decimal?: '.' | ',' | undefined;
  /** IANA name of the zone of datetimes without an offset */
  readonly timeZone?: string | undefined;
  readonly dateFormat?: DateFormat | undefined;
  readonly columns?: ColumnNames | undefined;
  /** whether each column but the datetime holds the flowrates of one sensor */
  readonly wide?: boolean | undefined;
  /** a row is read if, for each column named here, it has one of the values */
  readonly where?: readonly Condition[] | undefined;
  /** texts that mean "no flowrate"; their rows are left out */
  readonly nullValues?: readonly string[] | undefined;
  /** whether rows without a flowrate are left out */
  readonly skipEmpty?: boolean | undefined;
}

/** What the log of imports keeps of a file. */
export interface FileIdentity {
  /** undefined where it was not said */
  readonly name: string | undefined;
  /** of all its bytes */
  readonly sha256: () => Promise<Buffer>;
  /** how it is written, as was said */
  readonly settings: object;
}

export interface ImportOptions {
  /** of the file's flowrates */
  readonly unit: FlowrateUnit;
  readonly onConflict: OnConflict;
  readonly createSensors: boolean;
  /** reports what would change, and changes nothing */
  readonly dryRun: boolean;
  /** why the history of stored pings changes; kept in it */
  readonly reasonCode?: string | undefined;
  readonly comment: string;
  readonly format?: ImportFormat | undefined;
  /** undefined where what is loaded is not a file */
  readonly file?: FileIdentity | undefined;
}

/** A reading of the file as it was understood. */
export interface ReadingPreview {
  readonly line: number;
  readonly sensor: string;
  /** milliseconds since 1970 */
  readonly time: number;
  /** bbl/d */
  readonly flowrate: number;
  /** undefined where the file says nothing of it */
  readonly quality: Quality | undefined;
  /** bbl; undefined where the file says nothing of it */
  readonly totalizer: number | undefined;
}

/** Readings of one sensor at one instant, in one file. */
export interface Repeats {
  /** rows beyond the first of each instant */
  readonly count: number;
  /** the first row that repeats an earlier one, and that earlier one */
  readonly lines: readonly [number, number];
}

/**
 * Rows of the file that were not read, by the option that left them out; of a wide table, cells.
 */
export interface LeftOut {
  readonly where: number;
  readonly nullValues: number;
  readonly empty: number;
}

/** How many readings were not good. */
export interface QualityCounts {
  readonly uncertain: number;
  readonly bad: number;
}

export interface ImportResult {
  /** in the log of imports; undefined of a dry run */
  readonly id: number | undefined;
  /** rows of the file after the header */
  readonly rows: number;
  /** one for each row, except in wide tables */
  readonly readings: number;
  readonly inserted: number;
  /** readings that were already stored */
  readonly duplicates: number;
  readonly corrected: number;
  readonly repeats: Repeats | undefined;
  readonly sensorsCreated: number;
  /** in the order of their first rows */
  readonly sensors: readonly SensorChanges[];
  readonly leftOut: LeftOut;
  readonly qualities: QualityCounts;
  /** what was recognised by itself, each a phrase such as "separated by semicolons" */
  readonly recognised: readonly string[];
  /** names of all columns, as the file has them */
  readonly header: readonly string[];
  /** names of those that each field was read from */
  readonly columns: Readonly<Partial<Record<keyof ColumnNames, readonly string[]>>>;
  /** whether each column but the datetime has the flowrates of one sensor */
  readonly wide: boolean;
  /** names of the columns that were not read */
  readonly unreadColumns: readonly string[];
  /** whether datetimes without an offset were read as UTC, for lack of a time zone */
  readonly assumedUtc: boolean;
  /** the first readings */
  readonly preview: readonly ReadingPreview[];
}
