/** Real database, real HTTP: files share one PostgreSQL, each on a database of its own. */
export default {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/helpers/global-setup.mjs',
  globalTeardown: '<rootDir>/test/helpers/global-teardown.mjs',
  testMatch: [
    '<rootDir>/test/**/*.test.ts',
    // Those need a cluster.
    ...(process.env.TEST_CITUS_URL ? ['<rootDir>/test/**/*.cluster.ts'] : []),
  ],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true, tsx: false },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
          },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Ends what hangs; a busy machine may take long.
  testTimeout: 300_000,
  // A worker keeps some of the modules of each file that it ran; a new one begins with little memory.
  workerIdleMemoryLimit: '1GB',
  // A worker with nothing left to do takes up to a second to end on a busy machine; by default one that takes half a
  // second counts as having left something open.
  workerGracefulExitTimeout: 30_000,
};
