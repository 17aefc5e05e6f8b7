import { StartupError } from '../postgres/startup-error.js';

// A backup is one gzip stream: MAGIC, then frames of a type, a length (4 bytes, big-endian) and
// that many bytes, the last of which is a checksum of all before it.
export const MAGIC = Buffer.from('FLOWGATE BACKUP\n');
export const FORMAT_VERSION = 1;
export const FRAME_HEAD_BYTES = 5;
// COPY sends rows, and a row holds at most a webhook's attempts.
export const MAX_FRAME_BYTES = 256 * 2 ** 20;

export const FRAME_TYPES = {
  header: 'H',
  table: 'T',
  data: 'D',
  tableEnd: 'E',
  figures: 'F',
  checksum: 'S',
} as const;
export type FrameType = keyof typeof FRAME_TYPES;

/** First in the file. */
export interface BackupHeader {
  readonly version: number;
  /** of Flowgate */
  readonly flowgate: string;
  /** ISO 8601, of the snapshot */
  readonly createdAt: string;
  /** names, in the order in which they are applied */
  readonly migrations: readonly string[];
}

/** Before the rows of a table, in PostgreSQL's text format of COPY. */
export interface BackupTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** After the rows of a table. */
export interface BackupTableEnd {
  readonly rows: number;
}

/** After all tables: what a restored database is compared with. */
export interface BackupFigures {
  /** the last value of each sequence that has one */
  readonly sequences: Readonly<Record<string, string>>;
  /** barrels of each sensor over all of its time; null where the schema was of another version */
  readonly volumes: readonly SensorVolumes[] | null;
}

export interface SensorVolumes {
  readonly sensorId: number;
  readonly linear: number;
  readonly step: number;
}

/** What frames hold as JSON. */
export interface FrameContents {
  readonly header: BackupHeader;
  readonly table: BackupTable;
  readonly tableEnd: BackupTableEnd;
  readonly figures: BackupFigures;
}

/** The file is not a whole backup that this version can read. */
export class BackupError extends StartupError {}

export function frameHead(type: FrameType, length: number): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.write(FRAME_TYPES[type], 'latin1');
  head.writeUInt32BE(length, 1);
  return head;
}

export function parseFrameHead(head: Buffer): { type: FrameType; length: number } {
  const letter = head.toString('latin1', 0, 1);
  const type = (Object.keys(FRAME_TYPES) as FrameType[]).find(
    (name) => FRAME_TYPES[name] === letter,
  );
  const length = head.readUInt32BE(1);
  if (!type || length > MAX_FRAME_BYTES) throw new BackupError('The backup is damaged.');
  return { type, length };
}
