import { useEffect, useRef, type ReactNode } from 'react';

let isFirstPage = true;
let isByHistory = false;
window.addEventListener('popstate', () => {
  isByHistory = true;
});

/**
 * A page's main heading, which also names the browser's tab. On a page that was opened by a link of
 * the app it takes the focus, so that screen readers announce the page and the keyboard begins
 * there.
 */
export function PageHeading({ title, children }: { title: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Flowgate`;
  }, [title]);
  useEffect(() => {
    const isInUse = document.getElementById('main')?.contains(document.activeElement) ?? false;
    // Of a page that the browser itself opened, it announces the title; going back keeps the place.
    if (!isFirstPage && !isInUse) heading.current?.focus({ preventScroll: isByHistory });
    isFirstPage = false;
    isByHistory = false;
  }, []);
  return (
    <header className="row spread">
      <h1 ref={heading} tabIndex={-1}>
        <bdi>{title}</bdi>
      </h1>
      {children}
    </header>
  );
}
