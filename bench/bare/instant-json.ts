/**
 * SQL expression: an instant as the documented API's JSON has it, quoted: `"2019-02-05T20:41:02Z"`,
 * with `.123` before the Z only where there are milliseconds; null for null. The session's zone is
 * UTC.
 *
 * An instant on the second is 22 characters as text, and to_json writes it almost so: three times
 * as fast as to_char, which counts in a page of pings.
 */
export function instantJson(instant: string): string {
  return `CASE WHEN octet_length(${instant}::text) = 22
    THEN left(to_json(${instant})::text, 20) || 'Z"'
    ELSE '"' || to_char(${instant}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"' END`;
}
