import { useState } from 'react';
import { useMutation } from 'urql';
import {
  ResetTotpDocument,
  UpdateUserDocument,
  type UpdateUserInput,
  type UsersQuery,
} from '../../../../generated/graphql/graphql.js';
import { Badge } from '../../components/badge.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { FormField } from '../../components/form-field.js';
import { Instant } from '../../components/instant.js';
import { isolated } from '../../isolated.js';
import { SessionDialog } from './session-dialog.js';

type User = UsersQuery['users'][number];

interface Change {
  readonly title: string;
  readonly action: string;
  readonly consequence: string;
  readonly input: UpdateUserInput;
  readonly isDangerous?: boolean;
}

/** A user, and what an administrator can change; nothing of oneself. */
export function UserRow({
  user,
  isSelf,
  onChanged,
}: {
  user: User;
  isSelf: boolean;
  onChanged: (news: string) => void;
}) {
  const { id, username, role, disabledAt, createdAt, identityIssuer } = user;
  const [, update] = useMutation(UpdateUserDocument);
  const [, resetTotp] = useMutation(ResetTotpDocument);
  const [change, setChange] = useState<Change>();
  const [isReplacing, setReplacing] = useState(false);
  const [isShowingSessions, setShowingSessions] = useState(false);
  const [isResetting, setResetting] = useState(false);
  const [password, setPassword] = useState('');
  const done = () => {
    setChange(undefined);
    setReplacing(false);
    setResetting(false);
    setPassword('');
    onChanged(`The user ${username} was changed.`);
  };
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <bdi>{username}</bdi> {isSelf && <span className="quiet small">(you)</span>}
        {identityIssuer && (
          <div className="quiet small">signs in at {new URL(identityIssuer).host}</div>
        )}
      </th>
      <td role="cell" data-label="Role">
        {role === 'ADMIN' ? 'Administrator' : 'Viewer'}
      </td>
      <td role="cell" data-label="State">
        <Badge tone={disabledAt ? 'bad' : 'good'}>{disabledAt ? 'Disabled' : 'Active'}</Badge>
      </td>
      <td role="cell" data-label="Created">
        <Instant at={createdAt} />
      </td>
      <td role="cell">
        {!isSelf && (
          <div className="row">
            {[roleChange(user), accessChange(user)].map((each) => (
              <button
                key={each.action}
                type="button"
                className={each.isDangerous ? 'danger' : undefined}
                onClick={() => setChange(each)}
              >
                {each.action}
                <span className="visually-hidden"> {isolated(username)}</span>
              </button>
            ))}
            <button type="button" onClick={() => setReplacing(true)}>
              Set password<span className="visually-hidden"> of {isolated(username)}</span>
            </button>
            <button type="button" onClick={() => setShowingSessions(true)}>
              Sessions<span className="visually-hidden"> of {isolated(username)}</span>
            </button>
            {user.totpConfirmedAt && (
              <button type="button" onClick={() => setResetting(true)}>
                Reset second factor
                <span className="visually-hidden"> of {isolated(username)}</span>
              </button>
            )}
          </div>
        )}
        {change && (
          <ConfirmDialog
            title={
              <>
                {change.title} <bdi>{username}</bdi>?
              </>
            }
            action={change.action}
            isDangerous={change.isDangerous ?? false}
            onConfirm={() => update({ id, input: change.input })}
            onDone={done}
            onClose={() => setChange(undefined)}
          >
            <p>{change.consequence}</p>
          </ConfirmDialog>
        )}
        {isResetting && (
          <ConfirmDialog
            title={
              <>
                Reset the second factor of <bdi>{username}</bdi>?
              </>
            }
            action="Reset second factor"
            isDangerous
            onConfirm={() => resetTotp({ userId: id })}
            onDone={done}
            onClose={() => setResetting(false)}
          >
            <p>The password alone is then enough to sign in. Be sure who asks you for it.</p>
          </ConfirmDialog>
        )}
        {isShowingSessions && (
          <SessionDialog user={user} onClose={() => setShowingSessions(false)} />
        )}
        {isReplacing && (
          <ConfirmDialog
            title={
              <>
                Set the password of <bdi>{username}</bdi>
              </>
            }
            action="Set password"
            canConfirm={password !== ''}
            onConfirm={() => update({ id, input: { password } })}
            onDone={done}
            onClose={() => setReplacing(false)}
          >
            <p>The user is signed out everywhere.</p>
            <FormField label="New password">
              {(input) => (
                <input
                  {...input}
                  type="password"
                  autoComplete="new-password"
                  autoFocus
                  value={password}
                  onChange={({ target }) => setPassword(target.value)}
                />
              )}
            </FormField>
          </ConfirmDialog>
        )}
      </td>
    </tr>
  );
}

function roleChange({ role }: User): Change {
  return role === 'ADMIN'
    ? {
        title: 'Make a viewer of',
        action: 'Make viewer',
        consequence: 'The user can then only read.',
        input: { role: 'VIEWER' },
      }
    : {
        title: 'Make an administrator of',
        action: 'Make administrator',
        consequence: 'The user can then change readings, sensors, webhooks, tokens and users.',
        input: { role: 'ADMIN' },
      };
}

function accessChange({ disabledAt }: User): Change {
  return disabledAt
    ? {
        title: 'Enable',
        action: 'Enable',
        consequence: 'The user can sign in again, with the password from before.',
        input: { disabled: false },
      }
    : {
        title: 'Disable',
        action: 'Disable',
        consequence: 'The access of the user ends at once, everywhere. What the user did stays.',
        input: { disabled: true },
        isDangerous: true,
      };
}
