import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** What `vite build` makes of src/web/client. */
export const BUILT = path.resolve(import.meta.dirname, '../../../dist/web/client');

/**
 * A built page with its `{{names}}` filled in. What stands between `<!--if name-->` and `<!--end-->`
 * is left out where the value is empty; such parts do not nest.
 * @param values `base` is the base path
 */
export async function page(
  file: string,
  values: Readonly<Record<string, string>> & { readonly base: string },
): Promise<string> {
  const template = await readFile(path.join(BUILT, file), 'utf8');
  return template
    .replace(/<!--if (\w+)-->(.*?)<!--end-->/gs, (_, name: string, part: string) =>
      values[name] ? part : '',
    )
    .replaceAll('="/app/assets/', '="{{base}}/app/assets/')
    .replace(/\{\{(\w+)\}\}/g, (_, name: string) => escapeHtml(values[name] ?? ''));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
