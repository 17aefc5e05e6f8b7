import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';

type Scope = Readonly<Record<string, unknown>>;

interface Node {
  readonly text?: string;
  /** of an output, or of a block: `if`, `with`, `range`, `define` */
  readonly action?: string;
  readonly body?: readonly Node[];
}

/**
 * Renders a Helm chart, as `helm template` does, of what templates of this repository use: outputs with
 * pipelines, `if`, `with`, `range`, `define`, `include`, `toYaml`, `nindent`, `quote`, `default`.
 * Anything else is an error.
 * https://pkg.go.dev/text/template
 */
export async function renderChart(folder: string, values: object, name: string) {
  const read = (file: string) => readFile(path.join(folder, file), 'utf8');
  const chart = parse(await read('Chart.yaml')) as Record<string, unknown>;
  const Chart = { Name: chart.name, AppVersion: chart.appVersion };
  const root = { Chart, Release: { Name: name, Namespace: 'default' }, Values: values };
  const files = (await readdir(path.join(folder, 'templates'))).sort();
  const parsed = new Map<string, Node[]>();
  for (const file of files) parsed.set(file, parseTemplate(await read(`templates/${file}`)));
  const defined = new Map<string, readonly Node[]>();
  for (const nodes of parsed.values()) {
    for (const { action = '', body } of nodes) {
      const [, named] = /^define "(.+)"$/.exec(action) ?? [];
      if (named && body) defined.set(named, body);
    }
  }
  const renderer = new Renderer(defined, root);
  return new Map(
    [...parsed].map(([file, nodes]) => [file, renderer.render(nodes, root, { $: root })]),
  );
}

function parseTemplate(text: string): Node[] {
  const root: Node[] = [];
  const stack = [root];
  // The first part is text, then come actions and texts in turn.
  const parts = text
    .replace(/\s*\{\{-/g, '{{')
    .replace(/-\}\}\s*/g, '}}')
    .split(/\{\{(.*?)\}\}/s);
  parts.forEach((part, index) => {
    const nodes = stack.at(-1)!;
    const action = part.trim();
    if (index % 2 === 0) nodes.push({ text: part });
    else if (action === 'end') stack.pop();
    else if (/^(if|with|range|define) /.test(action)) {
      const body: Node[] = [];
      nodes.push({ action, body });
      stack.push(body);
    } else nodes.push({ action });
  });
  if (stack.length !== 1) throw new Error('A block has no end, or an end no block.');
  return root;
}

class Renderer {
  constructor(
    private readonly defined: ReadonlyMap<string, readonly Node[]>,
    private readonly root: Scope,
  ) {}

  render(nodes: readonly Node[], dot: unknown, variables: Scope): string {
    return nodes.map((node) => this.renderNode(node, dot, variables)).join('');
  }

  private renderNode({ text, action = '', body }: Node, dot: unknown, variables: Scope): string {
    if (text !== undefined) return text;
    if (!body) return String(this.pipeline(action, dot, variables));
    const [, keyword, rest = ''] = /^(\w+) (.+)$/s.exec(action)!;
    if (keyword === 'define') return '';
    const [, key, item, source] = /^\$(\w+), \$(\w+) := (.+)$/.exec(rest) ?? [];
    const value = this.pipeline(source ?? rest, dot, variables);
    if (!isTrue(value)) return '';
    if (keyword === 'if') return this.render(body, dot, variables);
    if (keyword === 'with') return this.render(body, value, variables);
    const entries = Array.isArray(value)
      ? [...value.entries()]
      : Object.entries(value as object).sort();
    return entries
      .map(([name, each]: [unknown, unknown]) =>
        this.render(body, each, {
          ...variables,
          ...(key && item && { [key]: name, [item]: each }),
        }),
      )
      .join('');
  }

  private pipeline(text: string, dot: unknown, variables: Scope): unknown {
    let piped: unknown[] = [];
    for (const command of text.split(' | ')) {
      const words = command.trim().match(/"[^"]*"|\S+/g) ?? [];
      const values = words.map((word) => this.operand(word, dot, variables));
      const [first, ...rest] = values;
      piped = [typeof first === 'function' ? call(first, [...rest, ...piped]) : first];
    }
    return piped[0];
  }

  private operand(word: string, dot: unknown, variables: Scope): unknown {
    if (word.startsWith('"')) return JSON.parse(word);
    if (/^\d+$/.test(word)) return Number(word);
    const [, start = '', names = ''] = /^(\$\w*|)((?:\.\w*)*)$/.exec(word) ?? [];
    if (start === '' && names === '') return this.function(word);
    const from = start === '$' ? this.root : start ? variables[start.slice(1)] : dot;
    return names
      .split('.')
      .filter(Boolean)
      .reduce<unknown>((value, name) => {
        // A misspelt value would render as nothing.
        if (!Object.hasOwn(value as object, name)) throw new Error(`${word} does not exist.`);
        return (value as Scope)[name];
      }, from);
  }

  private function(name: string): (...values: any[]) => unknown {
    const functions: Record<string, (...values: any[]) => unknown> = {
      include: (template: string, dot: unknown) =>
        this.render(this.defined.get(template)!, dot, { $: dot }),
      toYaml: (value: unknown) => stringify(value).trimEnd(),
      nindent: (count: number, text: string) => `\n${text.replace(/^(?=.)/gm, ' '.repeat(count))}`,
      quote: (value: unknown) => JSON.stringify(String(value)),
      default: (other: unknown, value: unknown) => (isTrue(value) ? value : other),
    };
    const found = functions[name];
    if (!found) throw new Error(`${name} is not a function that is known here.`);
    return found;
  }
}

function call(callee: unknown, values: unknown[]): unknown {
  return (callee as (...values: unknown[]) => unknown)(...values);
}

/** What Go's templates take for true. */
function isTrue(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
