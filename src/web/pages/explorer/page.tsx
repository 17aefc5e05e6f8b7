import { PageHeading } from '../../components/page-heading.js';

export default function ExplorerPage() {
  return <PageHeading title="Explorer" />;
}
