import { Link } from 'wouter';
import { PageHeading } from '../../components/page-heading.js';

export function NotFoundPage() {
  return (
    <div className="stack">
      <PageHeading title="Page not found" />
      <p>
        There is nothing at this address. <Link href="/">Go to the overview</Link>.
      </p>
    </div>
  );
}
