import DataLoader from 'dataloader';

/** Calls back once all that is to be read together has been asked for. */
export type WhenWhole = (callback: () => void) => void;

const RESOLVED = Promise.resolve();

type Loader = DataLoader<number, unknown>;

/**
 * Batches what the fields of many records (sensors or endpoints) read. Fields that read the same,
 * except for the record, share one call: so the number of statements depends on the query's shape,
 * not on how many records it meets.
 */
export class BatchLoaders {
  private readonly loaders = new Map<string, Loader>();
  /**
   * The latest loader by field. Usually every record is read with the same arguments, and comparing
   * those is faster than writing them as JSON. Identity suffices for Dates: a variable, or a
   * literal of a compiled query, is parsed once and is the same Date for every record; an equal
   * Date that is another object only misses this shortcut, and finds the same loader by its JSON.
   */
  private readonly latest = new Map<unknown, { shape: readonly unknown[]; loader: Loader }>();

  constructor(private readonly whenWhole: WhenWhole) {}

  /**
   * @param shape what is read: the field and its arguments, as JSON distinguishes them
   * @param id of the record, such as a sensor or a webhook endpoint
   * @param loadAll reads it for all of the records; those it leaves out are undefined
   */
  load<Value>(
    shape: readonly unknown[],
    id: number,
    loadAll: (ids: readonly number[]) => Promise<ReadonlyMap<number, Value>>,
  ): Promise<Value | undefined> {
    const latest = this.latest.get(shape[0]);
    const isLatest = latest?.shape.every((part, index) => part === shape[index]);
    const loader = isLatest ? latest!.loader : this.loaderOf(shape, loadAll);
    return loader.load(id) as Promise<Value | undefined>;
  }

  /**
   * What fields of another shape read of the records, together with those fields where there are
   * any; otherwise what `loadAll` reads.
   */
  async shared<Value>(
    shape: readonly unknown[],
    ids: readonly number[],
    loadAll: (ids: readonly number[]) => Promise<ReadonlyMap<number, Value>>,
  ): Promise<ReadonlyMap<number, Value | undefined>> {
    const loader = this.loaders.get(JSON.stringify(shape));
    if (!loader) return loadAll(ids);
    const values = (await Promise.all(ids.map((id) => loader.load(id)))) as (Value | undefined)[];
    return new Map(ids.map((id, index) => [id, values[index]]));
  }

  /** Forgets what was read, because something has changed. */
  clear(): void {
    this.loaders.clear();
    this.latest.clear();
  }

  /** As DataLoader does it, after all promises that are settled now, and when that is whole. */
  readonly schedule = (dispatch: () => void): void => {
    void RESOLVED.then(() => process.nextTick(() => this.whenWhole(dispatch)));
  };

  private loaderOf(
    shape: readonly unknown[],
    loadAll: (ids: readonly number[]) => Promise<ReadonlyMap<number, unknown>>,
  ): Loader {
    const key = JSON.stringify(shape);
    const loader =
      this.loaders.get(key) ??
      new DataLoader(
        async (ids: readonly number[]) => {
          const values = await loadAll(ids);
          return ids.map((id) => values.get(id));
        },
        { batchScheduleFn: this.schedule },
      );
    this.loaders.set(key, loader);
    this.latest.set(shape[0], { shape, loader });
    return loader;
  }
}
