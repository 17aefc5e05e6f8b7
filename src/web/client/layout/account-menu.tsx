import { useRef } from 'react';
import { Link } from 'wouter';
import type { ViewerQuery } from '../../../generated/graphql/graphql.js';
import { isolated } from '../isolated.js';
import { csrfToken } from '../session.js';
import { serverAddress } from '../server-address.js';
import { UnitPicker } from './unit-picker.js';
import { useDismissal } from './use-dismissal.js';

const ADMIN_PAGES = [
  { path: '/import', name: 'Import' },
  { path: '/users', name: 'Users' },
  { path: '/system', name: 'System' },
];

/** The signed-in user, and forms to sign out, which the server answers with the sign-in page. */
export function AccountMenu({ viewer }: { viewer: ViewerQuery['viewer'] | undefined }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (menu.current) menu.current.open = false;
  };
  useDismissal(menu, 'summary', () => menu.current?.open ?? false, close);
  return (
    <details className="account-menu" ref={menu}>
      <summary>
        <bdi>{viewer?.username ?? 'Account'}</bdi>
      </summary>
      <div className="account-menu-items">
        {viewer && (
          <p className="small quiet">
            {isolated(viewer.account)} · {viewer.role === 'ADMIN' ? 'administrator' : 'viewer'}
          </p>
        )}
        <Link href="/account" onClick={close}>
          Password and sessions
        </Link>
        {viewer?.role === 'ADMIN' &&
          ADMIN_PAGES.map(({ path, name }) => (
            <Link key={path} href={path} onClick={close}>
              {name}
            </Link>
          ))}
        <UnitPicker />
        <SignOutForm path="/app/sign-out" label="Sign out" />
        <SignOutForm path="/app/sign-out-everywhere" label="Sign out everywhere" />
      </div>
    </details>
  );
}

function SignOutForm({ path, label }: { path: string; label: string }) {
  const token = useRef<HTMLInputElement>(null);
  return (
    <form
      method="post"
      action={serverAddress(path)}
      onSubmit={() => {
        // It changes when the user signs in again in another tab.
        if (token.current) token.current.value = csrfToken();
      }}
    >
      <input ref={token} type="hidden" name="csrf" />
      <button type="submit">{label}</button>
    </form>
  );
}
