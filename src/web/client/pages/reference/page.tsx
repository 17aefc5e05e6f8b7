import './reference.css';
import { Link } from 'wouter';
import { lazyPage } from '../../components/lazy-page.js';
import { PageHeading } from '../../components/page-heading.js';
import { NotFoundPage } from '../not-found/page.js';

const RestReference = lazyPage(() => import('./rest/rest-reference.js'));
const GraphQLReference = lazyPage(() => import('./graphql/graphql-reference.js'));

const APIS = [
  { path: '/reference', name: 'REST', api: undefined, Reference: RestReference },
  { path: '/reference/graphql', name: 'GraphQL', api: 'graphql', Reference: GraphQLReference },
];

/** Both APIs, described by the same documents that tests check them against. */
export default function ReferencePage({ api }: { api: string | undefined }) {
  const shown = APIS.find((one) => one.api === api);
  if (!shown) return <NotFoundPage />;
  return (
    <div className="stack">
      <PageHeading title="API reference">
        <nav className="segmented" aria-label="API">
          {APIS.map(({ path, name }) => (
            <Link
              key={path}
              href={path}
              className="button"
              aria-current={path === shown.path ? 'page' : undefined}
            >
              {name}
            </Link>
          ))}
        </nav>
      </PageHeading>
      <shown.Reference key={shown.path} />
    </div>
  );
}
