import { useId, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Icon } from '../components/icon.js';
import { serverAddress } from '../server-address.js';
import { useDismissal } from './use-dismissal.js';

const PAGES = [
  { path: '/', name: 'Overview', pattern: /^\/(sensors\/|$)/ },
  { path: '/volumes', name: 'Volumes', pattern: /^\/volumes/ },
  { path: '/groups', name: 'Groups', pattern: /^\/groups/ },
  { path: '/compare', name: 'Compare', pattern: /^\/compare/ },
  { path: '/flags', name: 'Flags', pattern: /^\/flags/ },
  { path: '/log', name: 'Log', pattern: /^\/log/ },
  { path: '/periods', name: 'Periods', pattern: /^\/periods/ },
  { path: '/statements', name: 'Statements', pattern: /^\/statements/ },
  { path: '/developers', name: 'Developers', pattern: /^\/developers/ },
  { path: '/reference', name: 'Reference', pattern: /^\/reference/ },
  { path: '/explorer', name: 'Explorer', pattern: /^\/explorer/, needsReload: true },
];

/** The pages of the app, on narrow screens behind a button. */
export function Navigation() {
  const [location] = useLocation();
  const menu = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const close = () => setOpen(false);
  useDismissal(menu, 'button', () => isOpen, close);
  return (
    <>
      <Link href="/" className="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M3 21c5 0 5-10 10-10s5 10 10 10 3-4 6-6" />
        </svg>
        <span className="brand-name">Flowgate</span>
      </Link>
      <div ref={menu} className={isOpen ? 'navigation-menu is-open' : 'navigation-menu'}>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="menu" /> <span className="menu-name">Menu</span>
        </button>
        <nav id={id} className="navigation" aria-label="Pages">
          {PAGES.map(({ path, name, pattern, needsReload }) => {
            const current = pattern.test(location) ? 'page' : undefined;
            // The page has its own Content-Security-Policy, so its document must be loaded.
            return needsReload ? (
              <a key={path} href={serverAddress(`/app${path}`)} aria-current={current}>
                {name}
              </a>
            ) : (
              <Link key={path} href={path} aria-current={current} onClick={close}>
                {name}
              </Link>
            );
          })}
        </nav>
      </div>
    </>
  );
}
