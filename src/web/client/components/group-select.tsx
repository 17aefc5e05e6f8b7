import { isolated } from '../isolated.js';
import type { NamedGroup } from '../use-groups.js';

/** Shows only the sensors of a group; nothing where the account has none. */
export function GroupSelect({
  groups,
  value,
  onChange,
}: {
  groups: readonly NamedGroup[] | undefined;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  if (!value && (!groups || groups.length === 0)) return null;
  const isKnown = groups?.some(({ id }) => id === value);
  return (
    <select
      className="zone-select"
      aria-label="Group"
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value || undefined)}
    >
      <option value="">All groups</option>
      {value && !isKnown && <option value={value}>Group {value}</option>}
      {groups?.map(({ id, name }) => (
        <option key={id} value={id}>
          {isolated(name)}
        </option>
      ))}
    </select>
  );
}
