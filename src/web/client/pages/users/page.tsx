import { useState } from 'react';
import { useQuery } from 'urql';
import { UsersDocument } from '../../../../generated/graphql/graphql.js';
import { AdminsOnly } from '../../components/admins-only.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { StackedTable } from '../../components/stacked-table.js';
import { useViewer } from '../../use-viewer.js';
import { InvitationForm } from './invitation-form.js';
import { InvitationSection } from './invitation-section.js';
import { UserForm } from './user-form.js';
import { UserRow } from './user-row.js';

/** The people of the account: for administrators. */
export default function UsersPage() {
  const { username } = useViewer();
  return (
    <div className="stack">
      <AdminsOnly title="Users" what="the users">
        <Users self={username} />
      </AdminsOnly>
    </div>
  );
}

function Users({ self }: { self: string | undefined }) {
  const [{ data, error }, reload] = useQuery({
    query: UsersDocument,
    requestPolicy: 'cache-and-network',
  });
  const [isAdding, setAdding] = useState(false);
  const [isInviting, setInviting] = useState(false);
  const [news, setNews] = useState('');
  const changed = (text: string) => {
    setNews(text);
    reload();
  };
  return (
    <>
      <PageHeading title="Users">
        <div className="row">
          <button type="button" onClick={() => setAdding(true)}>
            Add user
          </button>
          <button type="button" className="primary" onClick={() => setInviting(true)}>
            Invite user
          </button>
        </div>
      </PageHeading>
      <p className="quiet">
        Viewers read everything in this account. Administrators also change readings, sensors,
        webhooks, tokens and users.
      </p>
      <p className="visually-hidden" role="status">
        {news}
      </p>
      {error && <Failure what="The users" error={error} retry={() => reload()} />}
      {!data && !error && <Loading what="users" />}
      {data && (
        <StackedTable
          caption="Users of the account"
          columns={['Username', 'Role', 'State', 'Created']}
          actions="Actions"
        >
          {data.users.map((user) => (
            <UserRow
              key={user.id}
              user={user}
              isSelf={user.username === self}
              onChanged={changed}
            />
          ))}
        </StackedTable>
      )}
      {data && data.invitations.length > 0 && (
        <InvitationSection
          invitations={data.invitations}
          onRevoked={() => changed('The invitation was revoked.')}
        />
      )}
      {isInviting && (
        <InvitationForm
          onCreated={() => changed('The invitation was created.')}
          onClose={() => setInviting(false)}
        />
      )}
      {isAdding && (
        <UserForm
          onSaved={(username) => {
            setAdding(false);
            changed(`The user ${username} was added.`);
          }}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  );
}
