import 'graphiql/style.css';
import './explorer.css';
import 'graphiql/setup-workers/vite';
import type { Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useRef, useState } from 'react';
import { useTheme } from '../../use-theme.js';
import type { Example } from './examples.js';
import { ExamplesMenu } from './examples-menu.js';
import { useTabList } from './use-tab-list.js';

export interface ExplorerProps {
  readonly fetcher: Fetcher;
  readonly examples: readonly Example[];
  /** whether the schema can be loaded; without it there are no completions and no documentation */
  readonly canLoadSchema?: boolean;
}

const DOCUMENTATION = 'Documentation Explorer';

/** GraphiQL with a menu of examples. Headers, which may contain a token, are not stored. */
export function Explorer({ fetcher, examples, canLoadSchema = true }: ExplorerProps) {
  const box = useRef<HTMLDivElement>(null);
  useTabList(box);
  const theme = useTheme();
  const [first] = useState(() => linkedOperation() ?? (isFirstVisit() ? examples[0] : undefined));
  return (
    <div className="explorer" ref={box}>
      <GraphiQL
        fetcher={fetcher}
        schema={canLoadSchema ? undefined : null}
        forcedTheme={theme}
        initialQuery={first?.query}
        initialVariables={first?.variables}
        defaultEditorToolsVisibility="variables"
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

/** The operation that the address asks for, as links of the API reference do. */
function linkedOperation(): Pick<Example, 'query' | 'variables'> | undefined {
  const parameters = new URLSearchParams(window.location.search);
  const query = parameters.get('query');
  return query ? { query, variables: parameters.get('variables') ?? '' } : undefined;
}

/** GraphiQL stores the last query under this key. */
function isFirstVisit(): boolean {
  return localStorage.getItem('graphiql:query') === null;
}
