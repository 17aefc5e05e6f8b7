import { COLUMNS, PIECE_COLUMNS } from './piece.js';

/** Stores summaries. @param summaries a query for (level, sensor_id, start, …a piece) */
export function upsertSummaries(summaries: string): string {
  return `
    INSERT INTO ping_summary (level, sensor_id, start, ${PIECE_COLUMNS})
    ${summaries}
    ON CONFLICT (sensor_id, level, start) DO UPDATE SET
      ${COLUMNS.map((column) => `${column} = EXCLUDED.${column}`).join(', ')}`;
}
