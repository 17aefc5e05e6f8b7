// Imports point one way: transports → domain → storage. src/composition builds the parts, main.ts starts.
const TRANSPORTS = 'rest|graphql|cli|web|webhooks|realtime|metrics|mqtt';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: '^src/generated/' },
      to: { circular: true },
    },
    {
      name: 'storage-knows-only-storage-and-tracing',
      severity: 'error',
      from: { path: '^src/storage/' },
      to: { path: '^src/', pathNot: '^src/(storage|tracing|generated/prisma)/' },
    },
    {
      name: 'domain-knows-no-transport',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { path: '^src/', pathNot: '^src/(domain|storage|tracing)/' },
    },
    {
      name: 'tracing-knows-nothing-else',
      comment: 'Every layer may make spans; only the composition knows which SDK takes them.',
      severity: 'error',
      from: { path: '^src/tracing/' },
      to: { path: '^src/|node_modules/', pathNot: '^src/tracing/' },
    },
    {
      name: 'opentelemetry-is-loaded-where-it-is-wanted',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/opentelemetry/' },
      to: {
        path: 'node_modules/@opentelemetry/|^src/opentelemetry/(?!config)',
        dependencyTypesNot: ['dynamic-import', 'type-only'],
      },
    },
    {
      name: 'domain-knows-no-protocol-and-no-sql',
      comment: 'Neither HTTP nor GraphQL nor SQL: those are the transports’ and the storage’s.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: {
        path: 'node_modules/(@apollo|@as-integrations|@prisma|express|graphql|graphql-[^/]+|pg|pg-[^/]+|prisma|type-graphql|undici|ws)/',
      },
    },
    {
      name: 'transports-know-no-sql',
      severity: 'error',
      from: { path: `^src/(${TRANSPORTS})/` },
      to: { path: '^src/generated/prisma/|node_modules/(@prisma|pg|pg-[^/]+|prisma)/' },
    },
    {
      name: 'transports-do-not-know-each-other',
      comment:
        'What two of them need belongs to the domain, or src/composition hands it from one to the other.',
      severity: 'error',
      from: { path: `^src/(${TRANSPORTS})/` },
      to: { path: `^src/(${TRANSPORTS})/`, pathNot: '^src/$1/' },
    },
    {
      name: 'shared-http-knows-no-transport',
      comment: 'src/http is what the HTTP transports have in common.',
      severity: 'error',
      from: { path: '^src/http/' },
      to: { path: `^src/(${TRANSPORTS})/` },
    },
    {
      name: 'only-commands-and-the-root-compose',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main\\.ts$|^src/(composition|cli|generated)/' },
      to: { path: '^src/(composition/|main\\.ts$)' },
    },
    {
      name: 'shared-domain-knows-no-noun',
      severity: 'error',
      from: { path: '^src/domain/shared/' },
      to: { path: '^src/domain/', pathNot: '^src/domain/shared/' },
    },
    {
      name: 'nouns-without-history-know-only-shared',
      comment: 'shared ← accounts, sensors, volumes ← auth, groups, pings ← transfer, webhooks',
      severity: 'error',
      from: { path: '^src/domain/(accounts|sensors|volumes)/' },
      to: { path: '^src/domain/', pathNot: '^src/domain/(shared|$1)/' },
    },
    {
      name: 'auth-groups-and-pings-know-no-later-noun',
      severity: 'error',
      from: { path: '^src/domain/(auth|groups|pings)/' },
      to: { path: '^src/domain/', pathNot: '^src/domain/(shared|accounts|sensors|volumes|$1)/' },
    },
    {
      name: 'transfer-and-webhooks-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/domain/(transfer|webhooks)/' },
      to: {
        path: '^src/domain/(transfer|webhooks)/',
        pathNot: '^src/domain/$1/',
      },
    },
    {
      name: 'browser-and-page-server-share-no-module',
      severity: 'error',
      from: { path: '^src/web/(client|server)/' },
      to: { path: '^src/web/', pathNot: '^src/web/$1/' },
    },
    {
      name: 'server-needs-no-development-package',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(web/client|generated)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      from: { pathNot: '^src/generated/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'server-does-not-know-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
