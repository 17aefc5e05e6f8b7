/** What PostgreSQL's programs wrote of why they gave up, on one line. */
export function errorText(output: string): string {
  // The first is the cause of those that follow; refused connections are none.
  const fault = output
    .split('\n')
    .find((line) => /FATAL|PANIC/.test(line) && !/the database system is/.test(line));
  const text = (fault ?? output)
    .replace(/^.*?(FATAL|PANIC):/, '')
    .replace(/\s+/g, ' ')
    .trim();
  return text || 'no reason given';
}
