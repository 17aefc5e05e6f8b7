import { useEffect, type ReactNode } from 'react';

/** A page's main heading, which also names the browser's tab. */
export function PageHeading({ title, children }: { title: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Flowgate`;
  }, [title]);
  return (
    <header className="row spread">
      <h1>{title}</h1>
      {children}
    </header>
  );
}
