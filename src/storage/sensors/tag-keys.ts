/** What two spellings of a tag have in common. PostgreSQL's own lower() depends on the database's locale. */
export function tagKey(tag: string): string {
  return tag.normalize('NFC').toLowerCase();
}

export function tagKeys(tags: readonly string[]): string[] {
  return tags.map(tagKey);
}
