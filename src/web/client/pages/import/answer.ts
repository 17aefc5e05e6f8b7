/** A sensor of a file, and what becomes of its readings; instants in ISO 8601. */
export interface ImportedSensor {
  /** null of one that would be created */
  readonly sensor_id: number | null;
  readonly sensor_name: string;
  readonly created: boolean;
  readonly readings: number;
  readonly inserted: number;
  readonly corrected: number;
  readonly conflicts: number;
  readonly start: string;
  readonly end: string;
}

/** How the server understood a file. */
export interface UnderstoodFile {
  readonly rows: number;
  readonly recognised: readonly string[];
  readonly header: readonly string[];
  readonly wide: boolean;
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly unread_columns: readonly string[];
  readonly assumed_utc: boolean;
  readonly preview: readonly {
    readonly line: number;
    readonly sensor_name: string;
    readonly datetime: string;
    /** bbl/d */
    readonly flowrate: number;
    readonly quality: string | null;
    readonly totalizer: number | null;
  }[];
}

/** What an import did or would do. */
export interface ImportResult extends UnderstoodFile {
  /** of what was loaded */
  readonly id: number | null;
  readonly dry_run: boolean;
  readonly readings: number;
  readonly inserted: number;
  readonly duplicates: number;
  readonly corrected: number;
  readonly repeated: number;
  readonly sensors_created: number;
  readonly left_out: Readonly<Record<string, number>>;
  readonly qualities: { readonly uncertain: number; readonly bad: number };
  readonly sensors: readonly ImportedSensor[];
}

export interface Remedy {
  readonly parameter: string;
  readonly value: string | null;
}

/** Why a file is refused. */
export interface Refusal {
  readonly detail: string;
  readonly count: number;
  readonly errors: readonly {
    readonly line: number | null;
    readonly column: string | null;
    readonly message: string;
    readonly remedies: readonly Remedy[];
  }[];
  readonly file?: UnderstoodFile;
  readonly changes?: {
    readonly readings: number;
    readonly inserted: number;
    readonly sensors: readonly ImportedSensor[];
  };
}

/** What the server answered to a file. */
export type Answer =
  | { readonly kind: 'result'; readonly result: ImportResult }
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  /** messages by the parameter */
  | { readonly kind: 'wrong-settings'; readonly messages: Readonly<Record<string, string>> }
  | { readonly kind: 'failure'; readonly message: string };

export function answerOf(status: number, body: unknown): Answer {
  if (status === 200 || status === 201) return { kind: 'result', result: body as ImportResult };
  const found = (body ?? {}) as Record<string, unknown>;
  if (status === 400 && 'errors' in found) {
    return { kind: 'refusal', refusal: body as Refusal };
  }
  if (typeof found.detail === 'string') return { kind: 'failure', message: found.detail };
  if (status !== 400) return { kind: 'failure', message: 'The server failed. Nothing was loaded.' };
  const messages = Object.entries(found as Record<string, string[]>);
  return {
    kind: 'wrong-settings',
    messages: Object.fromEntries(messages.map(([name, texts]) => [name, texts.join(' ')])),
  };
}
