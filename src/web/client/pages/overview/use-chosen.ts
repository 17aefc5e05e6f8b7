import { useCallback, useMemo, useState } from 'react';

/** Which sensors of the list are chosen to do something with; ids of sensors that are gone are not. */
export function useChosen(sensors: readonly { readonly id: string }[]) {
  const [ids, setIds] = useState<readonly string[]>([]);
  const chosen = useMemo(() => {
    const known = new Set(sensors.map(({ id }) => id));
    return new Set(ids.filter((id) => known.has(id)));
  }, [sensors, ids]);
  const choose = useCallback((id: string, isChosen: boolean) => {
    setIds((before) => [...before.filter((each) => each !== id), ...(isChosen ? [id] : [])]);
  }, []);
  return { chosen, choose, chooseAll: setIds };
}
