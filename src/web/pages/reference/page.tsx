import { PageHeading } from '../../components/page-heading.js';

export default function ReferencePage() {
  return <PageHeading title="API reference" />;
}
