import { Link, useLocation } from 'wouter';

const PAGES = [
  { path: '/', name: 'Overview', has: /^\/(sensors\/|$)/ },
  { path: '/developers', name: 'Developers', has: /^\/developers/ },
  { path: '/reference', name: 'Reference', has: /^\/reference/ },
  { path: '/explorer', name: 'Explorer', has: /^\/explorer/, isApart: true },
];

export function Navigation() {
  const [location] = useLocation();
  return (
    <>
      <Link href="/" className="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M3 21c5 0 5-10 10-10s5 10 10 10 3-4 6-6" />
        </svg>
        Flowgate
      </Link>
      <nav className="navigation" aria-label="Pages">
        {PAGES.map(({ path, name, has, isApart }) => {
          const current = has.test(location) ? 'page' : undefined;
          // A page with a Content-Security-Policy of its own must be loaded to get it.
          return isApart ? (
            <a key={path} href={`/app${path}`} aria-current={current}>
              {name}
            </a>
          ) : (
            <Link key={path} href={path} aria-current={current}>
              {name}
            </Link>
          );
        })}
      </nav>
    </>
  );
}
