import './layout.css';
import type { ReactNode } from 'react';
import { AccountMenu } from './account-menu.js';
import { Navigation } from './navigation.js';
import { ThemeToggle } from './theme-toggle.js';

export function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <header className="top-bar">
        <Navigation />
        <div className="top-bar-tools">
          <ThemeToggle />
          <AccountMenu />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
