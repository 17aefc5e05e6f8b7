import './layout.css';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { ViewerDocument } from '../../../generated/graphql/graphql.js';
import { AccountMenu } from './account-menu.js';
import { ConnectionNotice } from './connection-notice.js';
import { Navigation } from './navigation.js';
import { SignedOutDialog } from './signed-out-dialog.js';
import { ThemeToggle } from './theme-toggle.js';

export function Layout({ children }: { children: ReactNode }) {
  const [{ data }] = useQuery({ query: ViewerDocument });
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <header className="top-bar">
        <Navigation />
        <div className="top-bar-tools">
          <ThemeToggle />
          <AccountMenu viewer={data?.viewer} />
        </div>
        <ConnectionNotice />
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <SignedOutDialog username={data?.viewer.username ?? undefined} />
    </>
  );
}
