import { print, type FieldDefinitionNode, type InputValueDefinitionNode } from 'graphql';
import { Description } from './description.js';
import { explorerAddress } from './operation.js';
import type { Operation } from './schema.js';
import { TypeReference } from './type-reference.js';

/** A field of a type or an input. Fields of a root type can be tried in the explorer. */
export function Field({
  field,
  operation,
  isFound,
}: {
  field: FieldDefinitionNode | InputValueDefinitionNode;
  operation: Operation | undefined;
  isFound: boolean;
}) {
  const parameters = 'arguments' in field ? (field.arguments ?? []) : [];
  return (
    <li className={isFound ? 'reference-field found' : 'reference-field'}>
      <div className="row spread">
        <code className="reference-signature">
          <strong>{field.name.value}</strong>: <TypeReference type={field.type} />
          <Default of={field} />
        </code>
        {operation && 'arguments' in field && (
          <a
            className="small"
            href={explorerAddress(operation, field)}
            aria-label={`Try ${field.name.value} in the explorer`}
          >
            Try it
          </a>
        )}
      </div>
      <Description of={field.description} />
      {parameters.length > 0 && (
        <ul className="reference-arguments" aria-label={`Arguments of ${field.name.value}`}>
          {parameters.map((parameter) => (
            <li key={parameter.name.value}>
              <code>
                {parameter.name.value}: <TypeReference type={parameter.type} />
                <Default of={parameter} />
              </code>
              <Description of={parameter.description} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function Default({ of }: { of: FieldDefinitionNode | InputValueDefinitionNode }) {
  return 'defaultValue' in of && of.defaultValue ? <> = {print(of.defaultValue)}</> : null;
}
