import { tagKeys } from '../../storage/sensors/tag-keys.js';
import type { FieldError } from '../shared/errors.js';
import { nameError } from '../shared/name-rules.js';

export const MAX_TAGS = 20;
const MAX_TAG = 50;

/** What is wrong with the tags of a sensor, of which no two differ only in case. */
export function tagErrors(tags: readonly string[]): FieldError[] {
  if (tags.length > MAX_TAGS) {
    return [{ path: ['tags'], message: `Must be at most ${MAX_TAGS} tags; got ${tags.length}.` }];
  }
  const keys = tagKeys(tags);
  return tags.flatMap((tag, index) => {
    const error =
      nameError(tag, MAX_TAG) ??
      (tag.includes(',') ? `Must not contain a comma; got ${tag}.` : undefined) ??
      (keys.indexOf(keys[index]!) < index ? `Must not repeat the tag ${tag}.` : undefined);
    return error === undefined ? [] : [{ path: ['tags', index], message: error }];
  });
}
