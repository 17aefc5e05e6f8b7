/** Real database, real HTTP: files share one PostgreSQL, each on a database of its own. */
export default {
  // The test files that a worker runs share its modules: to load them again for each would take longer than the tests.
  // No test has an own limit of time.
  runner: 'jest-light-runner/child-process',
  setupFiles: ['<rootDir>/test/helpers/modules.mjs'],
  globalSetup: '<rootDir>/test/helpers/global-setup.mjs',
  globalTeardown: '<rootDir>/test/helpers/global-teardown.mjs',
  // It knows which files take long: they begin first.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testMatch: [
    '<rootDir>/test/**/*.test.ts',
    // Those need a cluster.
    ...(process.env.TEST_CITUS_URL ? ['<rootDir>/test/**/*.cluster.ts'] : []),
  ],
};
