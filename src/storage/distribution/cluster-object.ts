/** What a distributed database has that no migration makes. */
export interface ClusterObject {
  readonly create: readonly string[];
  readonly drop: string;
  /** Whether it is there as this version makes it: a row (found). */
  readonly isThere: { readonly text: string; readonly values: string[] };
  /** SQL: whether it is there as any version makes it that this one can use */
  readonly exists: string;
}
