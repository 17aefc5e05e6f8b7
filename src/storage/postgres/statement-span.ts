import { inChildSpan } from '../../tracing/tracing.js';

/** Traces a statement by its name: neither its text nor its values. */
export function inStatementSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
  return inChildSpan(
    () => ({
      name,
      kind: 'CLIENT',
      attributes: { 'db.system.name': 'postgresql', 'db.query.summary': name },
    }),
    work,
  );
}
