import { useState } from 'react';
import type { NamedGroup } from '../../use-groups.js';
import { EditDialog } from './edit-dialog.js';
import { GroupDialog } from './group-dialog.js';

/** What an administrator does with the sensors that are chosen in the table. */
export function ChosenActions({
  chosen,
  groups,
  onChanged,
}: {
  /** ids */
  chosen: ReadonlySet<string>;
  groups: readonly NamedGroup[];
  onChanged: () => void;
}) {
  const [open, setOpen] = useState<'group' | 'edit'>();
  const dialog = {
    ...{ sensorIds: [...chosen], groups },
    onDone: () => {
      setOpen(undefined);
      onChanged();
    },
    onClose: () => setOpen(undefined),
  };
  return (
    <>
      <button type="button" onClick={() => setOpen('group')}>
        Group…
      </button>
      {chosen.size <= MAX_EDITED ? (
        <button type="button" onClick={() => setOpen('edit')}>
          Edit…
        </button>
      ) : (
        <span className="small quiet">At most {MAX_EDITED} are edited at once.</span>
      )}
      {open === 'group' && <GroupDialog {...dialog} />}
      {open === 'edit' && <EditDialog {...dialog} />}
    </>
  );
}

/** As the server has it. */
const MAX_EDITED = 1000;
