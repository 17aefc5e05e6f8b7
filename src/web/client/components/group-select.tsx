import type { NamedGroup } from '../use-groups.js';
import { FilterSelect } from './filter-select.js';

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
  return (
    <FilterSelect
      {...{ label: 'Group', all: 'All groups' }}
      {...{ options: groups, value, onChange }}
    />
  );
}
