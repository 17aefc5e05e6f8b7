import { useDeferredValue, useEffect, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { findTypes } from './matches.js';
import { addressOf } from './schema.js';
import { TypeCard } from './type-card.js';
import { absoluteAddress, serverAddress } from '../../../server-address.js';

/** Every type of the schema, searchable and linked with each other. */
export default function GraphQLReference() {
  const [parameters, setParameters] = useSearchParams();
  const search = parameters.get('search') ?? '';
  const term = useDeferredValue(search);
  const groups = useMemo(() => findTypes(term), [term]);
  useHashTarget();
  return (
    <>
      <p>
        One address, <code>{absoluteAddress('/graphql')}</code>, for queries, mutations and
        subscriptions. <a href={serverAddress('/app/explorer')}>Open the explorer</a> to run them as
        yourself.
      </p>
      <div className="row" role="search">
        <input
          type="search"
          aria-label="Search types and fields"
          placeholder="Search types and fields"
          value={search}
          onChange={({ target: { value } }) =>
            setParameters(value ? { search: value } : {}, { replace: true })
          }
        />
      </div>
      <div className="reference-graphql">
        <nav className="reference-index small" aria-label="Types">
          {groups.map(({ name, types }) => (
            <div key={name}>
              <h2>{name}</h2>
              <ul>
                {types.map((type) => (
                  <li key={type.name.value}>
                    <a href={addressOf(type.name.value)}>{type.name.value}</a>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        <div className="stack">
          {groups.length === 0 && (
            <p className="notice" role="status">
              No type or field matches.
            </p>
          )}
          {groups.map(({ name, types }) => (
            <section key={name} className="stack" aria-label={name}>
              <h2>{name}</h2>
              {types.map((type) => (
                <TypeCard key={type.name.value} type={type} search={term} />
              ))}
            </section>
          ))}
        </div>
      </div>
    </>
  );
}

/** Scrolls to the element of the address. Browsers do so before this page is rendered. */
function useHashTarget(): void {
  useEffect(() => {
    document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
  }, []);
}
