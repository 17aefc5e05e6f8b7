import type { ReactNode } from 'react';
import { useViewer } from '../use-viewer.js';
import { Failure } from './failure.js';
import { Loading } from './loading.js';
import { PageHeading } from './page-heading.js';

/** A page for administrators; other users read why they do not see it. */
export function AdminsOnly({
  title,
  what,
  children,
}: {
  title: string;
  what: string;
  children: ReactNode;
}) {
  const { isAdmin, error, retry } = useViewer();
  if (error) return <Failure what="Your account" error={error} retry={retry} />;
  if (isAdmin === undefined) return <Loading what="your account" />;
  if (isAdmin) return children;
  return (
    <>
      <PageHeading title={title} />
      <p>Only administrators see {what}. Ask an administrator of this account.</p>
    </>
  );
}
