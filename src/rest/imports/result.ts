import { formatTime } from '../../domain/shared/time.js';
import { COLUMN_FIELDS } from '../../domain/transfer/import/setting-texts.js';
import type {
  ImportErrors,
  ImportRemedy,
  Understood,
} from '../../domain/transfer/import/errors.js';
import type { ImportResult } from '../../domain/transfer/import/options.js';
import type { SensorChanges } from '../../domain/transfer/import/sensor-changes.js';
import { SETTING_PARAMETERS } from './parameters.js';

/** What an import did, or with `dry_run` would do. */
export function resultBody(result: ImportResult, dryRun: boolean): object {
  const { readings, inserted, duplicates, corrected, repeats, qualities, leftOut } = result;
  return {
    id: result.id ?? null,
    dry_run: dryRun,
    ...{ readings, inserted, duplicates, corrected },
    repeated: repeats?.count ?? 0,
    sensors_created: result.sensorsCreated,
    left_out: {
      where: leftOut.where,
      null_value: leftOut.nullValues,
      skip_empty: leftOut.empty,
    },
    qualities,
    ...fileBody(result),
    sensors: result.sensors.map((sensor) => sensorBody(sensor, dryRun)),
  };
}

/** Why a file is refused. */
export function errorsBody({ message, errors, count, understood, changes }: ImportErrors): object {
  return {
    detail: message,
    count,
    errors: errors.map(({ line = null, column = null, message: text, remedies = [] }) => ({
      ...{ line, column, message: text },
      remedies: remedies.map(remedyBody),
    })),
    ...(understood && { file: fileBody(understood) }),
    ...(changes && {
      changes: {
        readings: changes.readings,
        inserted: changes.inserted,
        sensors: changes.sensors.map((sensor) => sensorBody(sensor, true)),
      },
    }),
  };
}

/** How the file was understood. */
function fileBody(file: Understood): object {
  const { rows, recognised, header, columns, wide, unreadColumns, assumedUtc, preview } = file;
  return {
    ...{ rows, recognised, header, wide },
    columns: Object.fromEntries(
      Object.entries(COLUMN_FIELDS).flatMap(([name, field]) => {
        const names = columns[field];
        return names ? [[name, names]] : [];
      }),
    ),
    unread_columns: unreadColumns,
    assumed_utc: assumedUtc,
    preview: preview.map(({ line, sensor, time, flowrate, quality, totalizer }) => ({
      ...{ line, sensor_name: sensor, datetime: formatTime(time), flowrate },
      quality: quality ?? null,
      totalizer: totalizer ?? null,
    })),
  };
}

function sensorBody(
  { sensorId, name, isCreated, firstAt, lastAt, ...counts }: SensorChanges,
  dryRun: boolean,
): object {
  const { readings, inserted, corrected, conflicts } = counts;
  return {
    sensor_id: isCreated && dryRun ? null : sensorId,
    sensor_name: name,
    created: isCreated,
    ...{ readings, inserted, corrected, conflicts },
    start: formatTime(firstAt),
    end: formatTime(lastAt),
  };
}

const PARAMETER_OF = new Map<string, string>([
  ...Object.entries(SETTING_PARAMETERS).map(([name, setting]) => [setting, name] as const),
  ['createSensors', 'create_sensors'],
  ['onConflict', 'on_conflict'],
]);

function remedyBody({ option, value }: ImportRemedy): object {
  return { parameter: PARAMETER_OF.get(option), value: value ?? null };
}
