import DataLoader from 'dataloader';

/**
 * Gathers what fields of many sensors ask for. Fields that ask the same, but for the sensor, share one call:
 * so the number of statements goes by the query's shape, not by how many sensors it meets.
 */
export class Batches {
  private readonly loaders = new Map<string, DataLoader<number, unknown>>();

  /**
   * @param shape what is asked: the field and its arguments, as JSON tells them apart
   * @param load what is asked for all of the sensors; those it leaves out are undefined
   */
  ofSensor<Value>(
    shape: readonly unknown[],
    sensorId: number,
    load: (sensorIds: readonly number[]) => Promise<ReadonlyMap<number, Value>>,
  ): Promise<Value | undefined> {
    const key = JSON.stringify(shape);
    let loader = this.loaders.get(key);
    if (!loader) {
      loader = new DataLoader(async (ids: readonly number[]) => {
        const values = await load(ids);
        return ids.map((id) => values.get(id));
      });
      this.loaders.set(key, loader);
    }
    return loader.load(sensorId) as Promise<Value | undefined>;
  }

  /** Forgets what was read, after something was changed. */
  clear(): void {
    this.loaders.clear();
  }
}
