export interface Match<Route> {
  readonly route: Route;
  /** the values of the pattern's `:names`, in their order, percent-decoded */
  readonly parameters: readonly string[];
}

/**
 * A table of routes, searched from its top. In a path `:id` matches digits, any other `:name`
 * matches a segment that is not empty.
 */
export class Router<Route extends { readonly path: string }> {
  private readonly table: readonly { route: Route; segments: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.table = routes.map((route) => ({ route, segments: route.path.split('/') }));
  }

  /** @param path percent-encoded; one with a malformed encoding matches nothing */
  match(path: string): Match<Route> | undefined {
    const segments = decoded(path.split('/'));
    if (!segments) return undefined;
    for (const { route, segments: pattern } of this.table) {
      const parameters = parametersOf(pattern, segments);
      if (parameters) return { route, parameters };
    }
    return undefined;
  }
}

function parametersOf(
  pattern: readonly string[],
  segments: readonly string[],
): string[] | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: string[] = [];
  for (let index = 0; index < pattern.length; index++) {
    const expected = pattern[index]!;
    const segment = segments[index]!;
    if (!expected.startsWith(':')) {
      if (segment !== expected) return undefined;
    } else {
      if (segment === '' || (expected === ':id' && !DIGITS.test(segment))) return undefined;
      parameters.push(segment);
    }
  }
  return parameters;
}

const DIGITS = /^[0-9]+$/;

function decoded(segments: string[]): string[] | undefined {
  try {
    return segments.map((segment) =>
      segment.includes('%') ? decodeURIComponent(segment) : segment,
    );
  } catch {
    return undefined;
  }
}
