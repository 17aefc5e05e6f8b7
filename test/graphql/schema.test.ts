import { beforeAll, expect, test } from '@jest/globals';
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { createSchema } from '../../src/graphql/schema.js';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await createSchema();
});

type Described = [name: string, description: string | null | undefined];

/** Everything that the schema describes, by a name such as `Query.viewer` or `Query.node(id)`. */
function descriptions(): Described[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const found: Described[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    if (!roots.includes(type as never)) found.push([type.name, type.description]);
    if (isEnumType(type)) {
      for (const { name, description } of type.getValues()) {
        found.push([`${type.name}.${name}`, description]);
      }
    }
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const { name, description, args } of Object.values(type.getFields())) {
        found.push([`${type.name}.${name}`, description]);
        for (const argument of args) {
          found.push([`${type.name}.${name}(${argument.name})`, argument.description]);
        }
      }
    }
    if (isInputObjectType(type)) {
      for (const { name, description } of Object.values(type.getFields())) {
        found.push([`${type.name}.${name}`, description]);
      }
    }
  }
  return found;
}

test('every type, field, argument and enum value is described in whole sentences', () => {
  const all = descriptions();
  expect(all.length).toBeGreaterThan(250);
  const incomplete = all.filter(([, text]) => !/^[A-Z`].*[.]$/s.test(text ?? ''));
  expect(incomplete).toEqual([]);
});

test('every description of a flowrate says that its unit is bbl/d', () => {
  const flowrates = descriptions().filter(([name]) => /[fF]lowrate$/.test(name));
  expect(flowrates.length).toBeGreaterThan(5);
  expect(flowrates.filter(([, text]) => !text?.includes('bbl/d'))).toEqual([]);
});

test('every description of a field that may be null says what null means', () => {
  const nullable = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !isIntrospectionType(type)
      ? Object.values(type.getFields())
          .filter((field) => !String(field.type).endsWith('!'))
          .map((field) => [`${type.name}.${field.name}`, field.description] as const)
      : [],
  );
  expect(nullable.length).toBeGreaterThan(20);
  expect(nullable.filter(([, text]) => !/\bnull\b/i.test(text ?? ''))).toEqual([]);
});
