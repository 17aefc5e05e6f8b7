import { useEffect } from 'react';
import { useSearchParams } from 'wouter';
import { keepSelection } from './kept-selection.js';
import { isFilter, isSortKey, type Selection } from './selection.js';

/** Which sensors the overview shows, kept in the address. */
export function useSelection(): [Selection, (change: Partial<Selection>) => void] {
  const [parameters, setParameters] = useSearchParams();
  useEffect(() => keepSelection(parameters), [parameters]);
  const sort = parameters.get('sort') ?? '';
  const filter = parameters.get('show');
  const key = sort.replace(/^-/, '');
  const selection: Selection = {
    search: parameters.get('search') ?? '',
    filter: isFilter(filter) ? filter : 'all',
    group: [parameters.get('group')].find((id) => id && /^\d+$/.test(id)) ?? undefined,
    tag: parameters.get('tag') || undefined,
    sort: isSortKey(key) ? key : 'state',
    descending: sort.startsWith('-'),
  };
  const change = (changed: Partial<Selection>) =>
    setParameters(toParameters({ ...selection, ...changed }), { replace: true });
  return [selection, change];
}

function toParameters({
  search,
  filter,
  group,
  tag,
  sort,
  descending,
}: Selection): Record<string, string> {
  const order = descending ? `-${sort}` : sort;
  return {
    ...(search && { search }),
    ...(group && { group }),
    ...(tag && { tag }),
    ...(filter !== 'all' && { show: filter }),
    ...(order !== 'state' && { sort: order }),
  };
}
