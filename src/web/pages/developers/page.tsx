import { PageHeading } from '../../components/page-heading.js';

export default function DevelopersPage() {
  return <PageHeading title="Developers" />;
}
