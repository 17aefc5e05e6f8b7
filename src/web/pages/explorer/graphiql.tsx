import '@graphiql/react/style.css';
import 'graphiql/graphiql.css';
import './explorer.css';
import 'graphiql/setup-workers/vite';
import type { Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useMemo } from 'react';
import { useTheme } from '../../use-theme.js';
import type { Example } from './examples.js';
import { ExamplesMenu } from './examples-menu.js';

export interface ExplorerProps {
  readonly fetcher: Fetcher;
  readonly examples: readonly Example[];
  /** whether the schema may be asked for; else there are no completions and no documentation */
  readonly canAsk?: boolean;
}

const DOCUMENTATION = 'Documentation Explorer';

/** The editor of queries, with examples to begin with. Headers, which may hold a token, are kept nowhere. */
export function Explorer({ fetcher, examples, canAsk = true }: ExplorerProps) {
  const theme = useTheme();
  const [first] = examples;
  const tabs = useMemo(
    () => (first ? [{ query: first.query, variables: first.variables }] : undefined),
    [first],
  );
  return (
    <div className="explorer">
      <GraphiQL
        fetcher={fetcher}
        schema={canAsk ? undefined : null}
        forcedTheme={theme}
        defaultTabs={tabs}
        shouldPersistHeaders={false}
        showPersistHeadersSettings={false}
        visiblePlugin={window.location.hash === '#docs' ? DOCUMENTATION : undefined}
      >
        <GraphiQL.Logo>
          <ExamplesMenu examples={examples} />
        </GraphiQL.Logo>
      </GraphiQL>
    </div>
  );
}
