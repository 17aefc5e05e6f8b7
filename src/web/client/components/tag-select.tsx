import { useMemo } from 'react';
import { tagKey } from '../../../domain/sensors/list-filter.js';
import { FilterSelect } from './filter-select.js';

const alphabet = new Intl.Collator(undefined, { numeric: true });

/** Shows only the sensors with a tag; nothing where none of the sensors has one. */
export function TagSelect({
  sensors,
  value,
  onChange,
}: {
  sensors: readonly { readonly tags: readonly string[] }[];
  value: string | undefined;
  onChange: (tag: string | undefined) => void;
}) {
  const options = useMemo(() => {
    const names = new Map(sensors.flatMap(({ tags }) => tags.map((tag) => [tagKey(tag), tag])));
    return [...names]
      .map(([id, name]) => ({ id, name }))
      .sort((a, b) => alphabet.compare(a.name, b.name));
  }, [sensors]);
  return (
    <FilterSelect
      {...{ label: 'Tag', all: 'All tags', options, onChange }}
      value={value && tagKey(value)}
    />
  );
}
