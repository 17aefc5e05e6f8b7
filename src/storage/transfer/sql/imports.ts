import type { Statement } from '../../postgres/database.js';

/**
 * Draws an id of a ping and one of a revision. Of a sensor that the transaction has locked, what is
 * written between two such draws has ids between theirs, and nothing else has.
 */
export const drawIds: Statement = {
  name: 'import_draw_ids',
  text: `
    SELECT nextval(pg_get_serial_sequence('ping', 'id'))::text AS ping_id,
      nextval(pg_get_serial_sequence('ping_revision', 'id'))::text AS revision_id`,
};

/**
 * $1 int account, $2 timestamptz when, $3 text who, $4 text file name, $5 bytea SHA-256, $6 jsonb
 * options, $7 to $12 int rows, readings, inserted, duplicates, corrected, sensors created; $13, $14
 * bigint ids of pings around its own, $15, $16 of revisions
 */
export const logImport: Statement = {
  name: 'log_import',
  text: `
    INSERT INTO ping_import (account_id, imported_at, imported_by, file_name, sha256, options, rows, readings,
      inserted, duplicates, corrected, sensors_created, first_ping_id, last_ping_id, first_revision_id,
      last_revision_id)
    VALUES ($1, $2::timestamptz, $3, $4, $5::bytea, $6::jsonb, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    RETURNING id`,
};

/**
 * $1 int import; pairwise $2 int[] sensors, $3, $4 timestamptz[] first and last readings, $5, $6, $7
 * int[] readings, inserted, corrected, $8 bool[] whether created
 */
export const logImportSensors: Statement = {
  name: 'log_import_sensors',
  text: `
    INSERT INTO ping_import_sensor (import_id, sensor_id, first_at, last_at, readings, inserted, corrected, is_created)
    SELECT $1::int, * FROM
      unnest($2::int[], $3::timestamptz[], $4::timestamptz[], $5::int[], $6::int[], $7::int[], $8::bool[])
    ORDER BY 1`,
};

const AT = (column: string) => `round(date_part('epoch', ${column}) * 1000)`;

const IMPORT_COLUMNS = `id, ${AT('imported_at')} AS imported_at, imported_by, file_name, encode(sha256, 'hex') AS sha256,
  options, rows, readings, inserted, duplicates, corrected, sensors_created, ${AT('undone_at')} AS undone_at, undone_by,
  undone_reason_code, undone_comment`;

/** The newest first. $1 int account id, $2 int id before which, $3 int how many */
export const listImports: Statement = {
  name: 'list_imports',
  text: `
    SELECT ${IMPORT_COLUMNS} FROM ping_import WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
};

/** $1 int account id, $2 int id */
export const findImport: Statement = {
  name: 'find_import',
  text: `SELECT ${IMPORT_COLUMNS} FROM ping_import WHERE account_id = $1 AND id = $2`,
};

/** The first 100 of each import, in the order of their ids. $1 int account id, $2 int[] imports */
export const importSensors: Statement = {
  name: 'import_sensors',
  text: `
    SELECT * FROM (
    SELECT i.import_id, i.sensor_id, s.name, ${AT('i.first_at')} AS first_at, ${AT('i.last_at')} AS last_at, i.readings,
      i.inserted, i.corrected, i.is_created,
      row_number() OVER (PARTITION BY i.import_id ORDER BY i.sensor_id) AS place
    FROM ping_import_sensor i JOIN flow_sensor s ON s.id = i.sensor_id AND s.account_id = $1
    WHERE i.import_id = ANY($2::int[])
    ) AS i WHERE place <= 100 ORDER BY import_id, sensor_id`,
};
