import type { Examples } from './example-options.js';
import { curlExamples } from './curl.js';
import { pythonExamples } from './python.js';
import { typescriptExamples } from './typescript.js';

export const LANGUAGES = [
  { key: 'curl', name: 'curl', of: curlExamples },
  { key: 'python', name: 'Python', of: pythonExamples },
  { key: 'typescript', name: 'TypeScript', of: typescriptExamples },
] as const;

export const TOPICS: readonly {
  readonly key: keyof Examples;
  readonly name: string;
  readonly says: string;
}[] = [
  { key: 'read', name: 'Read a day’s volume', says: 'needs a token that may read' },
  { key: 'record', name: 'Record a reading', says: 'needs a token that may ingest' },
  {
    key: 'verify',
    name: 'Verify a webhook',
    says: 'needs the endpoint’s secret; any library of standardwebhooks.com does the same',
  },
];
