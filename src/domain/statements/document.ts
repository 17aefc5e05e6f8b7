import type { VolumeMethod } from '../volumes/volumes.js';
import type { Checksums } from './canonical.js';

/*
 * The file of a measurement statement, as docs/statements.md publishes it. Datetimes are UTC in
 * ISO 8601, volumes barrels rounded to 6 decimals, flowrates bbl/d, durations seconds.
 */

export const FORMAT = 'flowgate-measurement-statement';
export const FORMAT_VERSION = 1;
export const SIGNATURE_ALGORITHM = 'Ed25519';

export const INDICATED_VOLUME =
  'Volumes are indicated volumes: the time integral of the flowrates that the sensors reported, times their meter factors. They are neither gross nor net standard volumes.';

/** What flowed in [start, end), and what it is made of. */
export type StatementFigures = {
  readonly start: string;
  readonly end: string;
  readonly volume: number;
  readonly volumeMeasured: number;
  readonly volumeInterpolated: number;
  readonly durationGood: number;
  readonly durationInterpolated: number;
  readonly durationMissing: number;
  readonly readings: number;
};

export type StatementReading = {
  readonly datetime: string;
  readonly flowrate: number;
  /** absent where it is good; a bad reading counts in no figure */
  readonly quality?: 'UNCERTAIN' | 'BAD';
};

/** A late, corrected or deleted reading; what the reading was before, and why it was changed. */
export type StatementRevision = {
  readonly datetime: string;
  readonly updateType: 'INSERT' | 'REPLACE' | 'DELETE';
  readonly oldFlowrate: number | null;
  readonly newFlowrate: number | null;
  readonly oldQuality: 'GOOD' | 'UNCERTAIN' | 'BAD' | null;
  readonly newQuality: 'GOOD' | 'UNCERTAIN' | 'BAD' | null;
  readonly revisedAt: string;
  readonly revisedBy: string;
  readonly reasonCode: string | null;
  readonly comment: string | null;
};

/** A change of a sensor's setting, values as text. */
export type StatementChange = {
  readonly parameter: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
  readonly effectiveFrom: string;
  readonly recordedAt: string;
  readonly changedBy: string;
  readonly reason: string | null;
};

/** A setting that decides figures, in force from an instant on; null: ever since. */
export type InForce<Value> = { readonly from: string | null; readonly value: Value };

export type SensorContent = {
  readonly id: number;
  readonly name: string;
  /** the settings in force at the start of the period */
  readonly configuration: Readonly<Record<string, string | number | null>>;
  /** changes of them that took effect, or were made, before the end of the period */
  readonly configurationLog: readonly StatementChange[];
  /** seconds; a segment is judged by the one in force where it begins */
  readonly maxGaps: readonly InForce<number>[];
  readonly methods: readonly InForce<VolumeMethod>[];
  /** by which volumes are multiplied; absent in statements from before there were any: 1 */
  readonly meterFactors?: readonly InForce<number>[];
  readonly period: StatementFigures;
  readonly days: readonly StatementFigures[];
  readonly hours: readonly StatementFigures[];
  /** the last one before the period, and the first one after it */
  readonly readingBefore: StatementReading | null;
  readonly readingAfter: StatementReading | null;
  readonly readings: readonly StatementReading[];
  readonly revisions: readonly StatementRevision[];
};

/** What is signed: it contains the hash of each sensor's content. */
export type StatementHeader = {
  readonly account: string;
  readonly calendar: {
    readonly name: string | null;
    readonly timeZone: string;
    readonly dayStart: string;
    /** null: each sensor's own */
    readonly method: VolumeMethod | null;
  };
  readonly end: string;
  readonly issuedAt: string;
  readonly issuedBy: string;
  /** SHA-256 of the public key (DER, SubjectPublicKeyInfo) */
  readonly keyFingerprint: string;
  readonly note: string;
  readonly number: number;
  /** the hash of the account's statement before this one; null of its first */
  readonly previousHash: string | null;
  readonly reason: string | null;
  readonly sensors: readonly StatementSensor[];
  readonly start: string;
  /** the number of the statement that this one replaces */
  readonly supersedes: number | null;
  readonly unit: 'bbl';
  /** 1, or one more than that of the statement that it replaces */
  readonly version: number;
  readonly volume: number;
};

export type StatementSensor = {
  readonly id: number;
  readonly name: string;
  readonly volume: number;
  readonly hash: string;
};

export type SensorPart = { readonly content: SensorContent; readonly checksums: Checksums };

export interface StatementFile {
  readonly format: typeof FORMAT;
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly statement: StatementHeader;
  readonly sensors: readonly SensorPart[];
  readonly checksums: Checksums;
  /** SHA-256 of the canonical `statement` */
  readonly hash: string;
  readonly signature: {
    readonly algorithm: typeof SIGNATURE_ALGORITHM;
    /** PEM */
    readonly publicKey: string;
    /** of the canonical `statement`, in base64 */
    readonly value: string;
  };
}
