// Prisma's schema engine runs in process, from @prisma/schema-engine-wasm (src/storage/migrations/migrate.ts).
// The binary that @prisma/engines would download when it is installed is never run, and neither are `prisma dev` and
// `prisma studio`.
exports.BinaryType = { SchemaEngineBinary: 'schema-engine' };

exports.download = () => Promise.resolve({});
