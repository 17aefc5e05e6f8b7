import type { Request } from 'express';

/** The fields of a form as texts; empty where one is missing or came more than once. */
export function fieldsOf<Name extends string>(
  { body }: Request,
  names: readonly Name[],
): Record<Name, string> {
  const fields = (body ?? {}) as Record<string, unknown>;
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? value : '';
  };
  return Object.fromEntries(names.map((name) => [name, text(name)])) as Record<Name, string>;
}
