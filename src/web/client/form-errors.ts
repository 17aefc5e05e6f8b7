import type { CombinedError } from 'urql';
import { reasonOf } from './components/failure.js';

/** The errors that the server found in a form. */
export interface FormErrors {
  /** messages by the field's name */
  readonly byField: Readonly<Record<string, string>>;
  /** the messages that belong to none of the form's fields */
  readonly general: string | undefined;
}

interface Extensions {
  readonly field?: string;
  readonly faults?: readonly { readonly field: string; readonly message: string }[];
}

/** @param fields the fields of the form; errors of any other field are general */
export function formErrors(
  error: CombinedError | undefined,
  fields: readonly string[],
): FormErrors {
  if (!error) return { byField: {}, general: undefined };
  const reported = error.graphQLErrors.flatMap(({ message, extensions }) => {
    const { field = '', faults } = extensions as Extensions;
    return faults ?? [{ field, message }];
  });
  if (reported.length === 0) return { byField: {}, general: reasonOf(error) };
  const named = reported.map(({ field, message }) => ({
    field: field.split('.')[0] ?? '',
    message,
  }));
  const isShown = ({ field }: { field: string }) => fields.includes(field);
  return {
    byField: Object.fromEntries(
      named.filter(isShown).map(({ field, message }) => [field, message]),
    ),
    general:
      named
        .filter((each) => !isShown(each))
        .map(({ message }) => message)
        .join(' ') || undefined,
  };
}
