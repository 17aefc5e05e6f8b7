import { useState } from 'react';
import { useMutation } from 'urql';
import {
  RevokeInvitationDocument,
  type UsersQuery,
} from '../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { Instant } from '../../components/instant.js';
import { StackedTable } from '../../components/stacked-table.js';
import { isolated } from '../../isolated.js';

type Invitation = UsersQuery['invitations'][number];

const COLUMNS = ['For', 'Role', 'Invited by', 'Created', 'Expires'];

/** The invitations that nobody has accepted yet. */
export function InvitationSection({
  invitations,
  onRevoked,
}: {
  invitations: readonly Invitation[];
  onRevoked: () => void;
}) {
  const [revoking, setRevoking] = useState<Invitation>();
  const [, revoke] = useMutation(RevokeInvitationDocument);
  return (
    <section className="stack" aria-labelledby="invitations-heading">
      <h2 id="invitations-heading">Pending invitations</h2>
      <StackedTable caption="Pending invitations, oldest first" columns={COLUMNS} actions="Revoke">
        {invitations.map((invitation) => (
          <tr key={invitation.id} role="row">
            <th role="rowheader" scope="row">
              <bdi>{nameOf(invitation)}</bdi>
            </th>
            <td role="cell" data-label="Role">
              {invitation.role === 'ADMIN' ? 'Administrator' : 'Viewer'}
            </td>
            <td role="cell" data-label="Invited by">
              <bdi>{invitation.invitedBy}</bdi>
            </td>
            <td role="cell" data-label="Created">
              <Instant at={invitation.createdAt} />
            </td>
            <td role="cell" data-label="Expires">
              <Instant at={invitation.expiresAt} />
            </td>
            <td role="cell">
              <button type="button" className="danger" onClick={() => setRevoking(invitation)}>
                Revoke
                <span className="visually-hidden">
                  {' '}
                  the invitation of {isolated(nameOf(invitation))}
                </span>
              </button>
            </td>
          </tr>
        ))}
      </StackedTable>
      {revoking && (
        <ConfirmDialog
          title={
            <>
              Revoke the invitation of <bdi>{nameOf(revoking)}</bdi>?
            </>
          }
          action="Revoke"
          isDangerous
          onConfirm={() => revoke({ id: revoking.id })}
          onDone={() => {
            setRevoking(undefined);
            onRevoked();
          }}
          onClose={() => setRevoking(undefined)}
        >
          <p>Its link is then of no use.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function nameOf({ id, username }: Invitation): string {
  return username ?? `Invitation ${id}`;
}
