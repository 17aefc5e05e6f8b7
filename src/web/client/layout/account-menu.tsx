import { useQuery } from 'urql';
import { ViewerDocument } from '../../../generated/graphql/graphql.js';
import { csrfToken } from '../session.js';

/** The signed-in user, and forms to sign out, which the server answers with the sign-in page. */
export function AccountMenu() {
  const [{ data }] = useQuery({ query: ViewerDocument });
  const name = data?.viewer.username ?? 'Account';
  return (
    <details className="account-menu">
      <summary>{name}</summary>
      <div className="account-menu-items">
        {data && (
          <p className="small quiet">
            {data.viewer.account} · {data.viewer.role === 'ADMIN' ? 'administrator' : 'viewer'}
          </p>
        )}
        <SignOutForm action="/app/sign-out" label="Sign out" />
        <SignOutForm action="/app/sign-out-everywhere" label="Sign out everywhere" />
      </div>
    </details>
  );
}

function SignOutForm({ action, label }: { action: string; label: string }) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name="csrf" value={csrfToken()} />
      <button type="submit">{label}</button>
    </form>
  );
}
