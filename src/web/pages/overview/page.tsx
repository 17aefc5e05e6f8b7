import { PageHeading } from '../../components/page-heading.js';

export default function OverviewPage() {
  return <PageHeading title="Overview" />;
}
