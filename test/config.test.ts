import { describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, loadConfig } from '../src/config.js';

describe('The environment', () => {
  test('an empty environment gives the defaults', () => {
    expect(loadConfig({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      basePath: '',
      workers: 1,
      databaseUrl: undefined,
      replicaUrls: [],
      replicaMaxLagMs: 250,
      directUrl: undefined,
      dataDir: '.flowgate',
      demo: true,
      isNpmScript: false,
      warnings: [],
      trustedProxies: [],
      corsOrigins: [],
      rateLimit: 60_000,
      costLimit: 30_000_000,
      subscriptionLimit: 1000,
      accountSubscriptionLimit: 5000,
      maxBodyBytes: 33_554_432,
      maxBodyBytesInFlight: expect.any(Number),
      maxImportBytes: 268_435_456,
      maxPings: 100_000,
      webhookAllowPrivateNetwork: false,
      webhookAllowHttp: false,
      webhookLogDays: 30,
      webhookMaxWaiting: 5_000_000,
      backupDir: undefined,
      upstreams: [],
      mqtt: undefined,
      openId: undefined,
      backupEveryHours: 24,
      backupKeep: 7,
      metricsPort: undefined,
      metricsHost: '127.0.0.1',
      logLevel: 'info',
    });
  });

  test('every variable of the environment is read', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '[::1]',
      BASE_PATH: '/scada/flow/',
      DATABASE_URL: 'postgresql://ada:secret@db/flow',
      FLOWGATE_WORKERS: '4',
      FLOWGATE_DATA_DIR: '/var/lib/flowgate',
      FLOWGATE_DEMO: 'false',
      TRUSTED_PROXIES: '10.0.0.0/8, ::1,192.0.2.7',
      CORS_ORIGINS: 'https://a.example.com,http://localhost:5173',
      RATE_LIMIT: '0',
      MAX_BODY_BYTES: '1024',
      MAX_BODY_BYTES_IN_FLIGHT: '4096',
      MAX_IMPORT_BYTES: '2048',
      MAX_PINGS: '1',
      WEBHOOK_ALLOW_PRIVATE_NETWORK: 'true',
      WEBHOOK_ALLOW_HTTP: 'false',
      WEBHOOK_LOG_DAYS: '7',
      WEBHOOK_MAX_WAITING: '1000',
      FLOWGATE_MQTT_URL: 'mqtts://broker.example.com:8883',
      FLOWGATE_MQTT_USERNAME: 'flow',
      FLOWGATE_MQTT_PASSWORD: 'secret',
      FLOWGATE_MQTT_ACCOUNT: 'demo',
      FLOWGATE_MQTT_PROFILE: 'thingsboard',
      FLOWGATE_MQTT_TOPICS: 'site/+/{sensor}/flow, all/#',
      FLOWGATE_OIDC_ISSUER: 'https://login.example.com/realms/pipelines',
      FLOWGATE_OIDC_NAME: 'Pipelines Inc.',
      FLOWGATE_OIDC_CLIENT_ID: 'flow',
      FLOWGATE_OIDC_CLIENT_SECRET: 'secret',
      FLOWGATE_OIDC_SCOPES: 'openid groups',
      FLOWGATE_OIDC_ACCOUNT_CLAIM: 'tenant',
      FLOWGATE_OIDC_USERNAME_CLAIM: 'upn',
      FLOWGATE_OIDC_ROLE_CLAIM: 'groups',
      FLOWGATE_OIDC_ADMIN_VALUES: 'flow-admins, owners',
      FLOWGATE_OIDC_VIEWER_VALUES: 'flow-viewers',
      FLOWGATE_BACKUP_DIR: '/backups',
      FLOWGATE_BACKUP_EVERY: '7d',
      FLOWGATE_BACKUP_KEEP: '3',
      FLOWGATE_UPSTREAM_URL: 'https://app.example.com/api/v1/',
      FLOWGATE_UPSTREAM_TOKEN: 'key',
      FLOWGATE_UPSTREAM_ACCOUNT: 'demo',
      FLOWGATE_UPSTREAM_POLL: '60',
      METRICS_PORT: '9464',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      METRICS_HOST: '::',
      LOG_LEVEL: 'debug',
      PATH: '/usr/bin',
      npm_lifecycle_event: 'start',
    });
    expect(config).toEqual({
      port: 0,
      isNpmScript: true,
      warnings: [],
      host: '::1',
      basePath: '/scada/flow',
      workers: 4,
      databaseUrl: 'postgresql://ada:secret@db/flow',
      replicaUrls: [],
      replicaMaxLagMs: 250,
      dataDir: '/var/lib/flowgate',
      demo: false,
      trustedProxies: ['10.0.0.0/8', '::1', '192.0.2.7'],
      corsOrigins: ['https://a.example.com', 'http://localhost:5173'],
      rateLimit: 0,
      costLimit: 30_000_000,
      subscriptionLimit: 1000,
      accountSubscriptionLimit: 5000,
      maxBodyBytes: 1024,
      // Four processes share them.
      maxBodyBytesInFlight: 1024,
      maxImportBytes: 2048,
      maxPings: 1,
      webhookAllowPrivateNetwork: true,
      webhookAllowHttp: false,
      webhookLogDays: 7,
      webhookMaxWaiting: 1000,
      backupDir: '/backups',
      upstreams: [
        {
          name: 'upstream',
          url: new URL('https://app.example.com/api/v1/'),
          token: 'key',
          account: 'demo',
          secret: undefined,
          pollMs: 60_000,
        },
      ],
      mqtt: {
        url: new URL('mqtts://broker.example.com:8883'),
        username: 'flow',
        password: 'secret',
        clientId: 'flowgate',
        account: 'demo',
        profile: 'thingsboard',
        topics: [
          expect.objectContaining({ filter: 'site/+/+/flow' }),
          expect.objectContaining({ filter: 'all/#' }),
        ],
        sensor: expect.objectContaining({ text: '{group}/{node}/{device}/{metric}' }),
      },
      openId: {
        issuer: new URL('https://login.example.com/realms/pipelines'),
        name: 'Pipelines Inc.',
        clientId: 'flow',
        clientSecret: 'secret',
        scopes: 'openid groups',
        account: { claim: 'tenant' },
        usernameClaim: 'upn',
        role: {
          claim: 'groups',
          adminValues: ['flow-admins', 'owners'],
          viewerValues: ['flow-viewers'],
        },
      },
      backupEveryHours: 168,
      backupKeep: 3,
      metricsPort: 9464,
      metricsHost: '::',
      tracing: { exporter: 'otlp', protocol: 'http/protobuf' },
      logLevel: 'debug',
    });
  });

  test('an empty variable counts as not set', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '', FLOWGATE_DEMO: '', CORS_ORIGINS: '' })).toEqual(
      loadConfig({}),
    );
  });

  test.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '4000x'],
    ['BASE_PATH', 'flow'],
    ['BASE_PATH', '/flow//x'],
    ['BASE_PATH', '/../flow'],
    ['BASE_PATH', '/app/flow'],
    ['BASE_PATH', '/flow?x'],
    ['FLOWGATE_DEMO', 'no'],
    ['FLOWGATE_WORKERS', '0'],
    ['FLOWGATE_WORKERS', '65'],
    ['FLOWGATE_WORKERS', 'all'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'proxy.example.com'],
    ['TRUSTED_PROXIES', '127'],
    ['TRUSTED_PROXIES', '10.1/16'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example.com/'],
    ['CORS_ORIGINS', 'a.example.com'],
    ['RATE_LIMIT', '1.5'],
    ['MAX_BODY_BYTES', '0'],
    ['MAX_PINGS', '1e3'],
    ['WEBHOOK_ALLOW_PRIVATE_NETWORK', '1'],
    ['LOG_LEVEL', 'loud'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', '127.0.0.1:4318'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['FLOWGATE_UPSTREAM_URL', 'ftp://app.example.com'],
    ['FLOWGATE_UPSTREAM_POLL', '0'],
    ['FLOWGATE_MQTT_URL', 'http://broker.example.com'],
    ['FLOWGATE_MQTT_URL', 'mqtt://user:secret@broker.example.com'],
    ['FLOWGATE_MQTT_PROFILE', 'csv'],
    ['FLOWGATE_MQTT_TOPICS', 'site/{sensor}/{sensor}'],
    ['FLOWGATE_MQTT_TOPICS', 'site/#/flow'],
    ['FLOWGATE_MQTT_CLIENT_ID', 'a b'],
    ['FLOWGATE_MQTT_SENSOR', 'Flow'],
    ['FLOWGATE_MQTT_SENSOR', '{tag}/{metric}'],
    ['FLOWGATE_MQTT_HOST_ID', 'a/b'],
    ['FLOWGATE_OIDC_ISSUER', 'http://login.example.com'],
    ['FLOWGATE_OIDC_ISSUER', 'https://login.example.com/?tenant=1'],
    ['FLOWGATE_OIDC_SCOPES', 'profile email'],
    ['FLOWGATE_BACKUP_EVERY', '1w'],
    ['FLOWGATE_BACKUP_EVERY', '0h'],
    ['FLOWGATE_BACKUP_KEEP', '0'],
  ])('%s=%s is refused with the name of the variable, the rule and the value', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(
      new RegExp(`^${name} must be .+, not ${JSON.stringify(value).replace(/[*.?{}]/g, '\\$&')}$`),
    );
  });

  test.each([
    [{}, 'FLOWGATE_OIDC_ISSUER needs FLOWGATE_OIDC_CLIENT_ID'],
    [
      { CLIENT_ID: 'flow' },
      'FLOWGATE_OIDC_ISSUER needs either FLOWGATE_OIDC_ACCOUNT or FLOWGATE_OIDC_ACCOUNT_CLAIM',
    ],
    [
      { CLIENT_ID: 'flow', ACCOUNT: 'demo', ACCOUNT_CLAIM: 'tenant' },
      'FLOWGATE_OIDC_ISSUER needs either FLOWGATE_OIDC_ACCOUNT or FLOWGATE_OIDC_ACCOUNT_CLAIM',
    ],
    [
      { CLIENT_ID: 'flow', ACCOUNT: 'demo', ROLE_CLAIM: 'groups' },
      'FLOWGATE_OIDC_ROLE_CLAIM needs FLOWGATE_OIDC_ADMIN_VALUES',
    ],
    [
      { CLIENT_ID: 'flow', ACCOUNT: 'demo', VIEWER_VALUES: 'all' },
      'FLOWGATE_OIDC_ADMIN_VALUES and FLOWGATE_OIDC_VIEWER_VALUES need FLOWGATE_OIDC_ROLE_CLAIM',
    ],
  ])('an OpenID Connect provider that is not set wholly is refused: %j', (variables, message) => {
    const set = Object.entries(variables).map(([name, value]) => [`FLOWGATE_OIDC_${name}`, value]);
    const issuer = { FLOWGATE_OIDC_ISSUER: 'https://login.example.com' };
    expect(() => loadConfig({ ...issuer, ...Object.fromEntries(set) })).toThrow(message);
  });

  test.each([
    ['FLOWGATE_DMEO', 'FLOWGATE_DEMO'],
    ['FLOWGATE_DATADIR', 'FLOWGATE_DATA_DIR'],
    ['FLOWGATE_DATA_DIRS', 'FLOWGATE_DATA_DIR'],
    ['FLOWGATE_PORT', 'PORT'],
    ['FLOWGATE_DATABASE_URL', 'DATABASE_URL'],
  ])(
    '%s, which is not a variable of Flowgate, is reported with the one that was meant',
    (name, meant) => {
      expect(loadConfig({ [name]: 'x' }).warnings).toEqual([
        `${name} is not a variable of Flowgate and is ignored. Did you mean ${meant}?`,
      ]);
    },
  );

  test('an unknown variable that resembles none is reported, and those of other programs are not', () => {
    expect(loadConfig({ FLOWGATE_COLOUR: 'x', PATH: '/bin', DEMO: 'x' }).warnings).toEqual([
      'FLOWGATE_COLOUR is not a variable of Flowgate and is ignored.',
    ]);
  });

  test('DATABASE_URL is read from the file that DATABASE_URL_FILE names', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'flowgate-config-'));
    const file = path.join(folder, 'url');
    await writeFile(file, 'postgresql://ada:secret@db/flow\n');
    expect(loadConfig({ DATABASE_URL_FILE: file }).databaseUrl).toBe(
      'postgresql://ada:secret@db/flow',
    );
    const direct = loadConfig({ DATABASE_URL: 'x', DATABASE_DIRECT_URL_FILE: file }).directUrl;
    expect(direct).toBe('postgresql://ada:secret@db/flow');
    expect(loadConfig({ FLOWGATE_UPSTREAM_TOKEN_FILE: file }).warnings).toEqual([]);
    expect(() => loadConfig({ DATABASE_URL_FILE: file, DATABASE_URL: 'x' })).toThrow(
      'Set DATABASE_URL or DATABASE_URL_FILE, not both.',
    );
    expect(() => loadConfig({ DATABASE_URL_FILE: `${file}.none` })).toThrow(
      `DATABASE_URL_FILE must name a file that can be read, not "${file}.none" (ENOENT)`,
    );
    await rm(folder, { recursive: true });
  });

  test('all errors of the environment are reported at once, in one line', () => {
    const load = () => loadConfig({ PORT: 'x', RATE_LIMIT: 'y', LOG_LEVEL: 'z' });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/^PORT .+; RATE_LIMIT .+; LOG_LEVEL .+$/);
  });
});
