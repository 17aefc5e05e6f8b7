import { tagKey } from '../../storage/sensors/tag-keys.js';

export { tagKey } from '../../storage/sensors/tag-keys.js';

/** Whether a sensor has the tag, in upper or lower case; with none, any sensor does. */
export function isTagged(
  { tags }: { readonly tags: readonly string[] },
  tag: string | undefined,
): boolean {
  return tag === undefined || tags.some((each) => tagKey(each) === tagKey(tag));
}

/** Finds sensors by their id or by part of their name, in upper or lower case, in pages and their files. */
export function sensorSearch(
  search: string,
): (sensor: { readonly id: number | string; readonly name: string }) => boolean {
  const wanted = search.trim().toLowerCase();
  return ({ id, name }) => String(id) === wanted || name.toLowerCase().includes(wanted);
}
