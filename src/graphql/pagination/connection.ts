import { type ClassType, Extensions, Field, Int, ObjectType } from 'type-graphql';
import { countCost, TOTAL } from '../execution/field-costs.js';
import type { PageRequest } from './page-request.js';

/** A list that a connection reads page by page. */
export interface NodeList<Node, Position> {
  readonly request: PageRequest<Position>;
  /**
   * The nodes of the requested page, in the list's order, and whether the list goes on beyond them.
   */
  page(): Promise<{ readonly nodes: readonly Node[]; readonly more: boolean }>;
  /** Whether any node of the list is at the position or beyond it on that side. */
  reaches(side: 'before' | 'after', position: Position): Promise<boolean>;
  cursorOf(node: Node): string;
  /** the number of nodes in the whole list */
  count(): Promise<number>;
}

/** https://relay.dev/graphql/connections.htm#sec-undefined.PageInfo, exact in both directions. */
@ObjectType({
  description: 'Where a page lies in its list, as the Relay specification defines it.',
})
export class PageInfo {
  constructor(private readonly list: NodeList<unknown, unknown>) {}

  @Field(() => Boolean, { description: 'Whether the list has nodes after this page.' })
  async hasNextPage(): Promise<boolean> {
    const { before } = this.list.request;
    return either(
      pageOf(this.list).then(({ moreAfter }) => moreAfter),
      before === undefined ? undefined : this.list.reaches('after', before),
    );
  }

  @Field(() => Boolean, { description: 'Whether the list has nodes before this page.' })
  async hasPreviousPage(): Promise<boolean> {
    const { after } = this.list.request;
    return either(
      pageOf(this.list).then(({ moreBefore }) => moreBefore),
      after === undefined ? undefined : this.list.reaches('before', after),
    );
  }

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the first node of the page. Null: the page is empty.',
  })
  async startCursor(): Promise<string | undefined> {
    const node = (await pageOf(this.list)).nodes.at(0);
    return node === undefined ? undefined : this.list.cursorOf(node);
  }

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last node of the page. Null: the page is empty.',
  })
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

/**
 * Both are always evaluated: the number of statements must not depend on what the first one finds.
 */
async function either(
  one: Promise<boolean>,
  other: Promise<boolean> | undefined,
): Promise<boolean> {
  const [is, also] = await Promise.all([one, other]);
  return is || also === true;
}

/** An edge whose cursor is written when it is read, which it seldom is. */
class EdgeOfList {
  constructor(
    private readonly list: NodeList<unknown, unknown>,
    readonly node: object,
  ) {}

  get cursor(): string {
    return this.list.cursorOf(this.node);
  }
}

/**
 * The edge and connection types of a node type. Nothing is read before it is selected.
 * @param noun what one node is, in descriptions
 */
export function connectionOf<Node extends object>(
  NodeType: ClassType<Node>,
  name: string,
  noun: string,
) {
  @ObjectType(`${name}Edge`, {
    simpleResolvers: true,
    description: `A ${noun} and its place in the list.`,
  })
  class Edge {
    @Field(() => String, {
      description: 'An opaque cursor, for the arguments `after` and `before` of the same list.',
    })
    cursor!: string;

    @Field(() => NodeType, { description: `The ${noun}.` })
    node!: object;
  }

  @ObjectType(`${name}Connection`, {
    description: 'A page of a list, as the Relay specification defines connections.',
  })
  class Connection {
    constructor(readonly list: NodeList<unknown, unknown>) {}

    @Field(() => [Edge], {
      description: 'The nodes of the page, each with its cursor.',
      complexity: ({ childComplexity }) => childComplexity,
    })
    async edges(): Promise<Edge[]> {
      const { nodes } = await pageOf(this.list);
      return nodes.map((node) => new EdgeOfList(this.list, node as object));
    }

    @Field(() => [NodeType], { description: 'The nodes of the page.' })
    async nodes(): Promise<readonly unknown[]> {
      return (await pageOf(this.list)).nodes;
    }

    @Field(() => PageInfo, {
      description: 'Where the page lies in the list.',
      complexity: 0,
    })
    pageInfo(): PageInfo {
      return new PageInfo(this.list);
    }

    @Extensions(TOTAL)
    @Field(() => Int, {
      description: 'The number of nodes in the whole list, not only in the page.',
      complexity: countCost,
    })
    totalCount(): Promise<number> {
      return this.list.count();
    }
  }
  return Connection;
}
