import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { Kind, parse } from 'graphql';
import type { Example } from './examples.js';

/** Opens an example in a new tab. Must be rendered inside GraphiQL, whose tabs it uses. */
export function ExamplesMenu({ examples }: { examples: readonly Example[] }) {
  const actions = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({
    queryEditor,
    variableEditor,
  }));
  const open = (name: string) => {
    const example = examples.find((one) => one.name === name);
    if (!example) return;
    actions.addTab();
    const { query, variables } = example;
    actions.updateActiveTabValues({ query, variables });
    actions.setOperationFacts(factsOf(query));
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
  };
  return (
    <select
      className="explorer-examples"
      aria-label="Open an example"
      value=""
      onChange={(event) => open(event.target.value)}
    >
      <option value="">Examples…</option>
      {examples.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

/**
 * What GraphiQL would parse a moment later: without it a quick click would run the previous tab.
 */
function factsOf(query: string) {
  const documentAST = parse(query);
  const operations = documentAST.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  return { documentAST, operations, operationName: operations[0]?.name?.value };
}
