import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import type { PageRequest } from './page-request.js';

/** What a connection shows: a list, read page by page. */
export interface NodeList<Node, Position> {
  readonly request: PageRequest<Position>;
  /** The page asked for, in the list's order, and whether there are more of the list beyond what was taken. */
  page(): Promise<{ readonly nodes: readonly Node[]; readonly more: boolean }>;
  /** Whether any node of the list is at the position or on that side of it. */
  reaches(side: 'before' | 'after', position: Position): Promise<boolean>;
  cursorOf(node: Node): string;
  /** nodes of the whole list, whatever the page */
  count(): Promise<number>;
}

/** https://relay.dev/graphql/connections.htm#sec-undefined.PageInfo, exact in both directions. */
@ObjectType()
export class PageInfo {
  constructor(private readonly list: NodeList<unknown, unknown>) {}

  @Field(() => Boolean)
  async hasNextPage(): Promise<boolean> {
    const { before } = this.list.request;
    return either(
      pageOf(this.list).then(({ moreAfter }) => moreAfter),
      before === undefined ? undefined : this.list.reaches('after', before),
    );
  }

  @Field(() => Boolean)
  async hasPreviousPage(): Promise<boolean> {
    const { after } = this.list.request;
    return either(
      pageOf(this.list).then(({ moreBefore }) => moreBefore),
      after === undefined ? undefined : this.list.reaches('before', after),
    );
  }

  @Field(() => String, { nullable: true })
  async startCursor(): Promise<string | undefined> {
    const node = (await pageOf(this.list)).nodes.at(0);
    return node === undefined ? undefined : this.list.cursorOf(node);
  }

  @Field(() => String, { nullable: true })
  async endCursor(): Promise<string | undefined> {
    const node = (await pageOf(this.list)).nodes.at(-1);
    return node === undefined ? undefined : this.list.cursorOf(node);
  }
}

interface Page {
  readonly nodes: readonly unknown[];
  readonly moreBefore: boolean;
  readonly moreAfter: boolean;
}

async function pageOf(list: NodeList<unknown, unknown>): Promise<Page> {
  const { nodes: taken, more } = await list.page();
  const { from, keep } = list.request;
  const cut = Math.max(taken.length - keep, 0);
  return {
    nodes: taken.slice(cut),
    moreBefore: cut > 0 || (from === 'last' && more),
    moreAfter: from === 'first' && more,
  };
}

/** Both are always asked, so that the number of statements does not go by what the first one finds. */
async function either(
  one: Promise<boolean>,
  other: Promise<boolean> | undefined,
): Promise<boolean> {
  const [is, also] = await Promise.all([one, other]);
  return is || also === true;
}

/** The edge and connection types of a node type. Nothing is read before it is selected. */
export function connectionOf<Node extends object>(NodeType: ClassType<Node>, name: string) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true })
  class Edge {
    @Field(() => String)
    cursor!: string;

    @Field(() => NodeType)
    node!: object;
  }

  @ObjectType(`${name}Connection`)
  class Connection {
    constructor(readonly list: NodeList<unknown, unknown>) {}

    @Field(() => [Edge], { complexity: ({ childComplexity }) => childComplexity })
    async edges(): Promise<Edge[]> {
      const { nodes } = await pageOf(this.list);
      return nodes.map((node) => ({ cursor: this.list.cursorOf(node), node: node as object }));
    }

    @Field(() => [NodeType])
    async nodes(): Promise<readonly unknown[]> {
      return (await pageOf(this.list)).nodes;
    }

    @Field(() => PageInfo, { complexity: 0 })
    pageInfo(): PageInfo {
      return new PageInfo(this.list);
    }

    @Field(() => Int, { complexity: 1 })
    totalCount(): Promise<number> {
      return this.list.count();
    }
  }
  return Connection;
}
