import { tagKey, tagKeys } from '../../storage/sensors/tag-keys.js';
import type { FieldError } from '../shared/errors.js';
import { nameError } from '../shared/name-rules.js';

export const MAX_TAGS = 20;
const MAX_TAG = 50;

/** What is wrong with tags, of which no two differ only in case. */
export function tagErrors(tags: readonly string[], field = 'tags'): FieldError[] {
  if (tags.length > MAX_TAGS) {
    return [{ path: [field], message: `Must be at most ${MAX_TAGS} tags; got ${tags.length}.` }];
  }
  const keys = tagKeys(tags);
  return tags.flatMap((tag, index) => {
    const error =
      nameError(tag, MAX_TAG) ??
      (tag.includes(',') ? `Must not contain a comma; got ${tag}.` : undefined) ??
      (keys.indexOf(keys[index]!) < index ? `Must not repeat the tag ${tag}.` : undefined);
    return error === undefined ? [] : [{ path: [field, index], message: error }];
  });
}

/** The tags of a sensor once some are added and others removed; those that it has keep their spelling. */
export function editedTags(
  tags: readonly string[],
  added: readonly string[],
  removed: readonly string[],
): string[] {
  const gone = new Set(tagKeys(removed));
  const had = new Set(tagKeys(tags));
  return [
    ...tags.filter((tag) => !gone.has(tagKey(tag))),
    ...added.filter((tag) => !had.has(tagKey(tag))),
  ];
}
