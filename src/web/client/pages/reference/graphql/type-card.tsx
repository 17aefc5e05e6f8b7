import { Kind } from 'graphql';
import { Description } from './description.js';
import { Field } from './field.js';
import { isFound } from './matches.js';
import { addressOf, operationOf, type TypeNode } from './schema.js';

/** A type with its fields or values. */
export function TypeCard({ type, search }: { type: TypeNode; search: string }) {
  const name = type.name.value;
  return (
    <section className="card reference-type" id={name} aria-labelledby={`${name}-heading`}>
      <h3 id={`${name}-heading`}>
        <a href={addressOf(name)}>{name}</a>
      </h3>
      <Description of={type.description} />
      <Members type={type} search={search} />
    </section>
  );
}

function Members({ type, search }: { type: TypeNode; search: string }) {
  if (type.kind === Kind.SCALAR_TYPE_DEFINITION) return null;
  if (type.kind === Kind.ENUM_TYPE_DEFINITION) {
    return (
      <ul className="reference-fields">
        {type.values?.map((value) => (
          <li
            key={value.name.value}
            className={isFound(value, search) ? 'reference-field found' : 'reference-field'}
          >
            <code>
              <strong>{value.name.value}</strong>
            </code>
            <Description of={value.description} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ul className="reference-fields">
      {type.fields?.map((field) => (
        <Field
          key={field.name.value}
          field={field}
          operation={operationOf(type)}
          isFound={isFound(field, search)}
        />
      ))}
    </ul>
  );
}
