import { useState, type MouseEvent, type ReactNode } from 'react';
import { useClient, type CombinedError } from 'urql';
import { ViewerDocument } from '../../../generated/graphql/graphql.js';
import { reasonOf } from './failure.js';

/** Downloads a file, or shows why it cannot: a browser only reports that a download failed. */
export function ExportLink({
  href,
  children,
}: {
  /** undefined while the data to export is loading */
  href: string | undefined;
  children: ReactNode;
}) {
  const client = useClient();
  const [error, setError] = useState<CombinedError>();
  if (href === undefined) {
    return (
      <button type="button" disabled>
        {children}
      </button>
    );
  }
  const download = async (event: MouseEvent) => {
    event.preventDefault();
    // Who is signed out is led to the form by the client itself.
    const viewer = await client.query(ViewerDocument, {});
    setError(viewer.error);
    if (viewer.error) return;
    const link = document.createElement('a');
    link.href = href;
    link.download = '';
    link.click();
  };
  return (
    <div className="export">
      <a className="button" download href={href} onClick={download}>
        {children}
      </a>
      {error && (
        <p className="small bad" role="alert">
          Not exported. {reasonOf(error)}
        </p>
      )}
    </div>
  );
}
