import type { Examples } from './example-options.js';
import { curlExamples } from './curl.js';
import { pythonExamples } from './python.js';
import { typescriptExamples } from './typescript.js';

export const LANGUAGES = [
  { key: 'curl', name: 'curl', examples: curlExamples },
  { key: 'python', name: 'Python', examples: pythonExamples },
  { key: 'typescript', name: 'TypeScript', examples: typescriptExamples },
] as const;

export const TOPICS: readonly {
  readonly key: keyof Examples;
  readonly name: string;
  readonly description: string;
}[] = [
  { key: 'read', name: 'Read a day’s volume', description: 'needs a token with the scope READ' },
  { key: 'record', name: 'Record a reading', description: 'needs a token with the scope INGEST' },
  {
    key: 'verify',
    name: 'Verify a webhook',
    description:
      'needs the endpoint’s secret; every library of standardwebhooks.com can do the same',
  },
];
