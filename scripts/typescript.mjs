// Lets plain `node` import the TypeScript sources: `node --import ./scripts/typescript.mjs FILE.ts`,
// or `import './typescript.mjs'` before a dynamic import of them. SWC, not a stripper of types,
// because type-graphql needs the decorators' metadata.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
