import { isolated } from '../isolated.js';

/** Shows only what belongs to one of several; nothing where there are none. */
export function FilterSelect({
  label,
  all,
  options,
  value,
  onChange,
}: {
  label: string;
  /** what is shown where none is chosen */
  all: string;
  options: readonly { readonly id: string; readonly name: string }[] | undefined;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  if (!value && (!options || options.length === 0)) return null;
  const isKnown = options?.some(({ id }) => id === value);
  return (
    <select
      className="zone-select"
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value || undefined)}
    >
      <option value="">{all}</option>
      {value && !isKnown && (
        <option value={value}>
          {label} {isolated(value)}
        </option>
      )}
      {options?.map(({ id, name }) => (
        <option key={id} value={id}>
          {isolated(name)}
        </option>
      ))}
    </select>
  );
}
