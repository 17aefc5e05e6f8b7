import { PageHeading } from '../../components/page-heading.js';

export default function SensorPage({ id }: { id: string }) {
  return <PageHeading title={`Sensor ${id}`} />;
}
