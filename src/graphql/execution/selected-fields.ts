import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';

/**
 * Whether nothing is selected of a field's object beside some of its fields. Fields that a directive
 * leaves out count as selected.
 */
export function selectsOnly(
  { fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
  names: ReadonlySet<string>,
): boolean {
  const isWithin = ({ selections }: SelectionSetNode): boolean =>
    selections.every((selection) => {
      if (selection.kind === Kind.FIELD) return names.has(selection.name.value);
      if (selection.kind === Kind.INLINE_FRAGMENT) return isWithin(selection.selectionSet);
      return isWithin(fragments[selection.name.value]!.selectionSet);
    });
  return fieldNodes.every(({ selectionSet }) => !selectionSet || isWithin(selectionSet));
}
