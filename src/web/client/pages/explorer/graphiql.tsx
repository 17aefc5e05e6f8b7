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
  /** whether the schema may be asked for; else there are no completions and no documentation */
  readonly canAsk?: boolean;
}

const DOCUMENTATION = 'Documentation Explorer';

/** The editor of queries, with examples to begin with. Headers, which may hold a token, are kept nowhere. */
export function Explorer({ fetcher, examples, canAsk = true }: ExplorerProps) {
  const box = useRef<HTMLDivElement>(null);
  useTabList(box);
  const theme = useTheme();
  const [first] = useState(() => linked() ?? (isFirstVisit() ? examples[0] : undefined));
  return (
    <div className="explorer" ref={box}>
      <GraphiQL
        fetcher={fetcher}
        schema={canAsk ? undefined : null}
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

/** What a link asks to be opened, as the reference does. */
function linked(): Pick<Example, 'query' | 'variables'> | undefined {
  const parameters = new URLSearchParams(window.location.search);
  const query = parameters.get('query');
  return query ? { query, variables: parameters.get('variables') ?? '' } : undefined;
}

/** GraphiQL keeps what was typed, under this name. */
function isFirstVisit(): boolean {
  return localStorage.getItem('graphiql:query') === null;
}
