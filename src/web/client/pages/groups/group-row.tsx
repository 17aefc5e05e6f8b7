import { useState } from 'react';
import { useMutation } from 'urql';
import { Link } from 'wouter';
import { DeleteSensorGroupDocument } from '../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { quantity } from '../../format.js';
import { isolated } from '../../isolated.js';
import { GroupForm } from './group-form.js';
import type { ListedGroup } from './listed-group.js';
import { MembersDialog } from './members-dialog.js';

const VIEWS = [
  { name: 'Balance', path: '/groups' },
  { name: 'Readings', path: '/' },
  { name: 'Volumes', path: '/volumes' },
  { name: 'Periods', path: '/periods' },
  { name: 'Statements', path: '/statements' },
];

/** A group, where it is seen, and what an administrator changes of it. */
export function GroupRow({
  group,
  isAdmin,
  isChosen,
  onChanged,
}: {
  group: ListedGroup;
  isAdmin: boolean;
  /** whether its balance is shown */
  isChosen: boolean;
  onChanged: (news: string) => void;
}) {
  const { id, name, calendar, members } = group;
  const [open, setOpen] = useState<'settings' | 'members' | 'delete'>();
  const [, remove] = useMutation(DeleteSensorGroupDocument);
  const close = () => setOpen(undefined);
  const done = (news: string) => {
    close();
    onChanged(news);
  };
  const ofThis = <span className="visually-hidden"> of {isolated(name)}</span>;
  return (
    <tr role="row" aria-current={isChosen}>
      <th role="rowheader" scope="row">
        <bdi>{name}</bdi>
      </th>
      <td role="cell" data-label="Days">
        {calendar ? (
          <>
            <bdi>{calendar.name}</bdi>
            <p className="quiet small">
              {calendar.timeZone}, from {calendar.dayStart}
            </p>
          </>
        ) : (
          'UTC'
        )}
      </td>
      <td role="cell" data-label="Sensors" className="group-count">
        {countText(members)}
      </td>
      <td role="cell" data-label="See">
        <span className="row">
          {VIEWS.map((view) => (
            <Link key={view.path} href={`${view.path}?group=${id}`}>
              {view.name}
              {ofThis}
            </Link>
          ))}
        </span>
      </td>
      <td role="cell">
        {isAdmin && (
          <div className="row">
            <button type="button" onClick={() => setOpen('members')}>
              Sensors…{ofThis}
            </button>
            <button type="button" onClick={() => setOpen('settings')}>
              Edit…<span className="visually-hidden"> {isolated(name)}</span>
            </button>
            <button type="button" className="danger" onClick={() => setOpen('delete')}>
              Delete…<span className="visually-hidden"> {isolated(name)}</span>
            </button>
          </div>
        )}
        {open === 'members' && (
          <MembersDialog
            group={group}
            onSaved={() => done(`The sensors of ${isolated(name)} were changed.`)}
            onClose={close}
          />
        )}
        {open === 'settings' && (
          <GroupForm
            group={group}
            onSaved={(saved) => done(`The group ${isolated(saved)} was changed.`)}
            onClose={close}
          />
        )}
        {open === 'delete' && (
          <ConfirmDialog
            title={
              <>
                Delete the group <bdi>{name}</bdi>?
              </>
            }
            action="Delete group"
            isDangerous
            onConfirm={() => remove({ id })}
            onDone={() => done(`The group ${isolated(name)} was deleted.`)}
            onClose={close}
          >
            <p>Its sensors, their readings and their volumes stay.</p>
          </ConfirmDialog>
        )}
      </td>
    </tr>
  );
}

function countText(members: ListedGroup['members']): string {
  const flowing = (wanted: string) =>
    members.filter(({ direction }) => direction === wanted).length;
  const [inward, outward] = [flowing('IN'), flowing('OUT')];
  if (inward + outward === 0) return quantity(members.length);
  return `${quantity(members.length)}: ${quantity(inward)} in, ${quantity(outward)} out`;
}
