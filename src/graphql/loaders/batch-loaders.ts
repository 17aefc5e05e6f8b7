import DataLoader from 'dataloader';

type Loader = DataLoader<number, unknown>;

/**
 * Gathers what fields of many sensors ask for. Fields that ask the same, but for the sensor, share one call:
 * so the number of statements goes by the query's shape, not by how many sensors it meets.
 */
export class BatchLoaders {
  private readonly loaders = new Map<string, Loader>();
  /** by field: most often each sensor is asked for the same, which is told sooner than its JSON is written */
  private readonly latest = new Map<unknown, { shape: readonly unknown[]; loader: Loader }>();

  /**
   * @param shape what is asked: the field and its arguments, as JSON tells them apart
   * @param load what is asked for all of the sensors; those it leaves out are undefined
   */
  ofSensor<Value>(
    shape: readonly unknown[],
    sensorId: number,
    load: (sensorIds: readonly number[]) => Promise<ReadonlyMap<number, Value>>,
  ): Promise<Value | undefined> {
    const latest = this.latest.get(shape[0]);
    const isLatest = latest?.shape.every((part, index) => part === shape[index]);
    const loader = isLatest ? latest!.loader : this.loaderOf(shape, load);
    return loader.load(sensorId) as Promise<Value | undefined>;
  }

  /** Forgets what was read, after something was changed. */
  clear(): void {
    this.loaders.clear();
    this.latest.clear();
  }

  private loaderOf(
    shape: readonly unknown[],
    load: (sensorIds: readonly number[]) => Promise<ReadonlyMap<number, unknown>>,
  ): Loader {
    const key = JSON.stringify(shape);
    const loader =
      this.loaders.get(key) ??
      new DataLoader(async (ids: readonly number[]) => {
        const values = await load(ids);
        return ids.map((id) => values.get(id));
      });
    this.loaders.set(key, loader);
    this.latest.set(shape[0], { shape, loader });
    return loader;
  }
}
