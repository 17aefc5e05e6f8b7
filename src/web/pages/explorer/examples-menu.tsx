import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import type { Example } from './examples.js';

/** Opens an example in a tab of its own. Lives in GraphiQL, whose tabs it opens. */
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
