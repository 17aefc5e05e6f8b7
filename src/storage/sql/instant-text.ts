/**
 * SQL expression: an instant as the documented API writes it, `2019-02-05T20:41:02Z`,
 * with `.123` before the Z only where there are milliseconds. The session's zone is UTC.
 */
export function instantText(instant: string): string {
  return `to_char(${instant}, CASE WHEN date_trunc('second', ${instant}) = ${instant}
    THEN 'YYYY-MM-DD"T"HH24:MI:SS"Z"' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"' END)`;
}
