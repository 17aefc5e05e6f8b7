import type { OnConflict } from '../../domain/pings/pings.js';
import { InvalidInputError, type FieldError } from '../../domain/shared/errors.js';
import { nameError, reasonError } from '../../domain/shared/name-rules.js';
import type { FlowrateUnit } from '../../domain/shared/units.js';
import type { ImportSettings } from '../../domain/transfer/import/settings.js';
import {
  COLUMNS_ERROR,
  CONDITION_ERROR,
  readColumnNames,
  readCondition,
  readDelimiter,
  readNullValues,
} from '../../domain/transfer/import/setting-texts.js';

/** What the address of an import asks for. */
export interface ImportParameters {
  /** those of the parameters, without the profile's */
  readonly settings: ImportSettings;
  readonly profile: string | undefined;
  readonly fileName: string | undefined;
  readonly createSensors: boolean;
  readonly dryRun: boolean;
  readonly onConflict: OnConflict;
  readonly reasonCode: string | undefined;
  readonly comment: string | undefined;
}

const MAX_FILE_NAME = 255;

/** The names of the parameters, each with the setting that it is of. */
export const SETTING_PARAMETERS = {
  columns: 'columns',
  wide: 'wide',
  unit: 'unit',
  time_zone: 'timeZone',
  date_format: 'dateFormat',
  delimiter: 'delimiter',
  decimal: 'decimal',
  encoding: 'encoding',
  skip_lines: 'skipLines',
  where: 'where',
  null_value: 'nullValues',
  skip_empty: 'skipEmpty',
} as const satisfies Record<string, keyof ImportSettings>;

const OTHER_PARAMETERS = [
  'profile',
  'create_sensors',
  'on_conflict',
  'reason_code',
  'comment',
  'dry_run',
  'file_name',
] as const;

const NAMES: readonly string[] = [...Object.keys(SETTING_PARAMETERS), ...OTHER_PARAMETERS];

/** @throws InvalidInputError that names every parameter that is unknown or wrong */
export function readParameters(query: URLSearchParams): ImportParameters {
  const reader = new ParameterReader(query);
  for (const name of new Set(query.keys())) {
    if (!NAMES.includes(name)) {
      reader.fail(name, `Unknown parameter. There are ${NAMES.join(', ')}.`);
    }
  }
  const delimiter = reader.text('delimiter');
  const columns = reader.text('columns');
  const skipLines = reader.text('skip_lines');
  const nullValues = reader.all('null_value').flatMap(readNullValues);
  const conditions = reader.all('where');
  const settings: ImportSettings = {
    columns:
      columns === undefined
        ? undefined
        : (readColumnNames(columns) ?? reader.fail('columns', `Must be ${COLUMNS_ERROR}`)),
    wide: reader.flag('wide'),
    unit: reader.text('unit') as FlowrateUnit | undefined,
    timeZone: reader.text('time_zone'),
    dateFormat: reader.text('date_format'),
    delimiter: delimiter === undefined ? undefined : readDelimiter(delimiter),
    decimal: reader.text('decimal') as ImportSettings['decimal'],
    encoding: reader.text('encoding'),
    skipLines: skipLines === undefined ? undefined : wholeNumber(skipLines),
    ...(conditions.length > 0 && {
      where: conditions.flatMap(
        (text) => readCondition(text) ?? reader.fail('where', `Must be ${CONDITION_ERROR}`) ?? [],
      ),
    }),
    ...(nullValues.length > 0 && { nullValues }),
    skipEmpty: reader.flag('skip_empty'),
  };
  const [fileName, comment] = [reader.text('file_name'), reader.text('comment')];
  reader.check('file_name', fileName && nameError(fileName, MAX_FILE_NAME));
  reader.check('comment', reasonError(comment));
  const found = {
    settings: Object.fromEntries(
      Object.entries(settings).filter(([, value]) => value !== undefined),
    ) as ImportSettings,
    profile: reader.text('profile'),
    fileName,
    createSensors: reader.flag('create_sensors') ?? false,
    dryRun: reader.flag('dry_run') ?? false,
    onConflict: reader.choice('on_conflict', ['reject', 'overwrite']).toUpperCase() as OnConflict,
    reasonCode: reader.text('reason_code'),
    comment,
  };
  reader.throwIfAny();
  return found;
}

/** Names a setting as its parameter is called. */
export function asParameters({ errors }: InvalidInputError): InvalidInputError {
  const names = new Map(
    Object.entries(SETTING_PARAMETERS).map(([name, setting]) => [setting as string, name]),
  );
  names.set('reasonCode', 'reason_code');
  const [first, ...rest] = errors.map(({ path, message }) => ({
    path: [names.get(String(path[0])) ?? String(path[0])],
    message,
  }));
  return new InvalidInputError([first!, ...rest]);
}

/** NaN where it is none, which no setting allows. */
function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : NaN;
}

/** Reads parameters, of which an empty one counts as not given, and keeps all errors. */
class ParameterReader {
  private readonly errors: FieldError[] = [];

  constructor(private readonly query: URLSearchParams) {}

  /** The last one counts. */
  text(name: string): string | undefined {
    return this.query.getAll(name).at(-1) || undefined;
  }

  all(name: string): string[] {
    return this.query.getAll(name).filter((text) => text !== '');
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    return this.choice(name, ['false', 'true']) === 'true';
  }

  /** The first choice where none is given. */
  choice(name: string, choices: readonly [string, string]): string {
    const text = this.text(name) ?? choices[0];
    if (!choices.includes(text)) {
      this.fail(
        name,
        `${JSON.stringify(text)} is not a valid choice. Choose ${choices.join(' or ')}.`,
      );
    }
    return text;
  }

  check(name: string, message: string | undefined): void {
    if (message) this.fail(name, message);
  }

  fail(name: string, message: string): undefined {
    this.errors.push({ path: [name], message });
  }

  throwIfAny(): void {
    const [first, ...rest] = this.errors;
    if (first) throw new InvalidInputError([first, ...rest]);
  }
}
