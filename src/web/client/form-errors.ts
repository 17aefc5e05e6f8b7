import type { CombinedError } from 'urql';
import { reasonOf } from './components/failure.js';

/** What the server found wrong with what was sent. */
export interface Faults {
  /** by the field's name */
  readonly of: Readonly<Record<string, string>>;
  /** what belongs to no field */
  readonly other: string | undefined;
}

interface Extensions {
  readonly field?: string;
  readonly faults?: readonly { readonly field: string; readonly message: string }[];
}

/** @param fields those that the form has: a fault of any other is told beside the form */
export function faultsOf(error: CombinedError | undefined, fields: readonly string[]): Faults {
  if (!error) return { of: {}, other: undefined };
  const found = error.graphQLErrors.flatMap(({ message, extensions }) => {
    const { field = '', faults } = extensions as Extensions;
    return faults ?? [{ field, message }];
  });
  const named = found.map(({ field, message }) => ({ field: field.split('.')[0] ?? '', message }));
  const others = named.filter(({ field }) => !fields.includes(field));
  return {
    of: Object.fromEntries(
      named
        .filter(({ field }) => fields.includes(field))
        .map(({ field, message }) => [field, message]),
    ),
    other:
      found.length === 0
        ? reasonOf(error)
        : others.map(({ message }) => message).join(' ') || undefined,
  };
}
