import DataLoader from 'dataloader';
import { NotFoundError } from '../../domain/shared/errors.js';

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
    return this.loaderOf(shape, loadAll, NOTHING).load(id) as Promise<Value | undefined>;
  }

  /** The same, of records that are known. @throws NotFoundError where the record is gone by now */
  require<Value>(
    shape: readonly unknown[],
    id: number,
    loadAll: (ids: readonly number[]) => Promise<ReadonlyMap<number, Value | undefined>>,
  ): Promise<Value> {
    return this.loaderOf(shape, loadAll, GONE).load(id) as Promise<Value>;
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
    const values = (await loader.loadMany(ids)) as (Value | Error | undefined)[];
    const known = values.map((value) => {
      if (!(value instanceof Error)) return value;
      if (value instanceof NotFoundError) return undefined;
      throw value;
    });
    return new Map(ids.map((id, index) => [id, known[index]]));
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
    missing: () => Error | undefined,
  ): Loader {
    const latest = this.latest.get(shape[0]);
    if (latest && isSame(latest.shape, shape)) return latest.loader;
    const key = JSON.stringify(shape);
    const loader =
      this.loaders.get(key) ??
      new DataLoader(
        async (ids: readonly number[]) => {
          const values = await loadAll(ids);
          return ids.map((id) => values.get(id) ?? missing());
        },
        { batchScheduleFn: this.schedule },
      );
    this.loaders.set(key, loader);
    this.latest.set(shape[0], { shape, loader });
    return loader;
  }
}

const NOTHING = () => undefined;
const GONE = () => new NotFoundError();

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
