/** The tags that a user entered with commas between them. */
export function readTags(text: string): string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

export function writeTags(tags: readonly string[]): string {
  return tags.join(', ');
}
