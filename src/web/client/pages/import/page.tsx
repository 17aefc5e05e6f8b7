import './import.css';
import { AdminsOnly } from '../../components/admins-only.js';
import { PageHeading } from '../../components/page-heading.js';
import { ImportSection } from './import-section.js';

/** Loads files of readings: for administrators. */
export default function ImportPage() {
  return (
    <div className="stack import">
      <AdminsOnly title="Import" what="imports">
        <PageHeading title="Import" />
        <ImportSection />
      </AdminsOnly>
    </div>
  );
}
