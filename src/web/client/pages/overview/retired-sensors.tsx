import { useQuery } from 'urql';
import { Link } from 'wouter';
import { RetiredSensorsDocument } from '../../../../generated/graphql/graphql.js';
import { Instant } from '../../components/instant.js';
import { quantity } from '../../format.js';

/** Sensors out of service: they are in no other list, but their record stays. */
export function RetiredSensors() {
  const [{ data }] = useQuery({ query: RetiredSensorsDocument });
  if (!data || data.flowSensors.nodes.length === 0) return null;
  const { nodes, totalCount } = data.flowSensors;
  return (
    <details className="card">
      <summary>Retired sensors ({quantity(totalCount)})</summary>
      <ul>
        {nodes.map(({ id, name, retiredAt }) => (
          <li key={id}>
            <Link href={`/sensors/${id}`}>
              <bdi>{name}</bdi>
            </Link>{' '}
            <span className="quiet small">since {retiredAt && <Instant at={retiredAt} />}</span>
          </li>
        ))}
      </ul>
      {totalCount > nodes.length && (
        <p className="small quiet">The first {nodes.length} by name.</p>
      )}
    </details>
  );
}
