import { defineConfig } from 'prisma/config';

// `prisma generate` looks for a schema engine binary although it never runs it.
// Naming one that exists keeps it from downloading one.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
