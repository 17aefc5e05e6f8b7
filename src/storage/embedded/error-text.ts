/** The reason that PostgreSQL's programs gave for a failure, on one line. */
export function errorText(output: string): string {
  // The first error caused those that follow; a refused connection is not a cause.
  const cause = output
    .split('\n')
    .find((line) => /FATAL|PANIC/.test(line) && !/the database system is/.test(line));
  const text = (cause ?? output)
    .replace(/^.*?(FATAL|PANIC):/, '')
    .replace(/\s+/g, ' ')
    .trim();
  return text || 'no reason given';
}
