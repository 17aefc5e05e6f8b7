import { Field, ID, InterfaceType } from 'type-graphql';

export const NODE_ID =
  'An opaque id that is unique among all types, for clients such as Relay that store objects by one id.';

@InterfaceType('Node', {
  description: 'An object that can be read by its `nodeId`.',
  resolveType: ({ __typename }: { __typename: string }) => __typename,
})
export abstract class Node {
  @Field(() => ID, { description: NODE_ID })
  nodeId!: string;
}

/** An id that is unique among all types: the type's name, and what identifies an object of it. */
export function writeNodeId(type: string, ...key: (string | number)[]): string {
  return Buffer.from([type, ...key].join(':')).toString('base64url');
}

/** The type's name and the key of a node id; undefined where `writeNodeId` cannot have made it. */
export function readNodeId(nodeId: string): [type: string, ...key: string[]] | undefined {
  const [type = '', ...key] = Buffer.from(nodeId, 'base64url').toString().split(':');
  return writeNodeId(type, ...key) === nodeId ? [type, ...key] : undefined;
}
