import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bindMigrationAwareSqlAdapterFactory,
  type ErrorRegistry,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine, SchemaFilter } from '@prisma/schema-engine-wasm';

/** The package's root, the same from src/storage and from dist/storage. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const MIGRATIONS_DIRECTORY = path.join(ROOT, 'prisma', 'migrations');
export const SCHEMA_FILE = path.join(ROOT, 'prisma', 'schema.prisma');
export const LOCKFILE = 'migration_lock.toml';

export const NO_FILTER: SchemaFilter = { externalTables: [], externalEnums: [] };

/**
 * Runs `work` with Prisma's own schema engine, in process and with no downloaded binary, on the
 * database that `adapter` leads to.
 */
export async function withSchemaEngine<T>(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await loadEngine();
  const factory = bindMigrationAwareSqlAdapterFactory(runningScriptsWhole(adapter));
  const engine = await SchemaEngine.new({ datamodels: undefined }, () => undefined, factory);
  try {
    return await work(engine);
  } catch (error) {
    throw unwrap(error, factory.errorRegistry);
  } finally {
    engine.free();
  }
}

/** Names of the migrations that the package holds, oldest first. */
export async function listMigrationNames(directory = MIGRATIONS_DIRECTORY): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** @param only the names of those to read; all unless given */
export async function readMigrations(
  directory = MIGRATIONS_DIRECTORY,
  only?: readonly string[],
): Promise<MigrationList> {
  const names = only ?? (await listMigrationNames(directory));
  return {
    baseDir: directory,
    lockfile: {
      path: LOCKFILE,
      content: await readFile(path.join(directory, LOCKFILE), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(path.join(directory, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  };
}

// The adapter would cut a script at every semicolon, those inside a function's body too.
function runningScriptsWhole(
  factory: SqlMigrationAwareDriverAdapterFactory,
): SqlMigrationAwareDriverAdapterFactory {
  const whole = async (connecting: Promise<SqlDriverAdapter>): Promise<SqlDriverAdapter> => {
    const adapter = await connecting;
    adapter.executeScript = async (sql) => {
      await adapter.executeRaw({ sql, args: [], argTypes: [] });
    };
    return adapter;
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: () => whole(factory.connect()),
    connectToShadowDb: () => whole(factory.connectToShadowDb()),
  };
}

// An error of the driver crosses the engine as a number only.
function unwrap(error: unknown, registry: ErrorRegistry): unknown {
  const id = /External error id#(\d+)/.exec((error as Error).message)?.[1];
  return (id !== undefined && registry.consumeError(Number(id))?.error) || error;
}

// TypeScript knows WebAssembly only as a part of the browser's library.
type Functions = Record<string, unknown>;
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, Functions>,
  ): Promise<{ instance: { exports: Functions } }>;
};

interface EngineModule {
  SchemaEngine: typeof SchemaEngine;
  __wbg_set_wasm(exports: Functions): void;
}

let loading: Promise<EngineModule> | undefined;

function loadEngine(): Promise<EngineModule> {
  return (loading ??= instantiate());
}

// The package's entry imports a .wasm file as a module, which Node does only behind a flag; so the
// wasm is instantiated here.
async function instantiate(): Promise<EngineModule> {
  const require = createRequire(import.meta.url);
  const file = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bindings = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as EngineModule &
    Functions;
  const bytes = await readFile(file.replace(/\.js$/, '.wasm'));
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: () => undefined } });
  const { instance } = await WebAssembly.instantiate(bytes, {
    './schema_engine_bg.js': withUnrefedTimers(bindings),
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  return bindings;
}

// The engine arms a 10 s timeout for its advisory lock and never clears it: it must not keep the
// process alive.
function withUnrefedTimers(bindings: Functions): Functions {
  const imports: Functions = { ...bindings };
  for (const name of Object.keys(imports)) {
    if (name.startsWith('__wbg_setTimeout')) {
      imports[name] = (callback: () => void, delay: number) =>
        setTimeout(callback, delay >>> 0).unref();
    }
  }
  return imports;
}
