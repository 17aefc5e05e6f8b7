import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { hours, host, isNetwork, isOrigin, list, whole, yesOrNo } from './environment-values.js';
import { defaultBodyBytes } from './http/body-budget.js';
import { isBasePath } from './http/base-path.js';
import { LOG_LEVELS } from './http/log.js';
import { MQTT_VARIABLES, mqttConfigOf, type MqttConfig } from './mqtt/config.js';
import { TRACING_VARIABLES, tracingConfigOf, type TracingConfig } from './opentelemetry/config.js';
import { OIDC_VARIABLES, openIdConfigOf, type OpenIdConfig } from './openid/config.js';
import {
  DATABASE_SECRETS,
  DATABASE_VARIABLES,
  databaseConfigOf,
  type DatabaseConfig,
} from './storage/database-config.js';
import { unknownVariables } from './unknown-variables.js';
import {
  UPSTREAM_VARIABLES,
  upstreamConfigsOf,
  type UpstreamConfig,
} from './upstream/upstream-config.js';

export const DEFAULT_PORT = 4000;
const MEBIBYTE = 2 ** 20;
const MAX_WORKERS = 64;

/** What the environment's variables set; defaults where they are absent or empty. */
export type Config = DatabaseConfig & Settings;

type Settings = Readonly<{
  port: number;
  host: string;
  /** the path under which a proxy serves it, such as `/flow`; empty at the root of a host */
  basePath: string;
  /** how many processes serve the port */
  workers: number;
  /** of the embedded PostgreSQL, where there is no `databaseUrl` */
  dataDir: string;
  demo: boolean;
  /** IP addresses and CIDR ranges */
  trustedProxies: readonly string[];
  corsOrigins: readonly string[];
  /** requests a minute for each credential; 0 = no limit */
  rateLimit: number;
  /** costs of GraphQL operations a minute for each credential; 0 = no limit */
  costLimit: number;
  /** open GraphQL subscriptions of one credential, and of one account; 0 = no limit */
  subscriptionLimit: number;
  accountSubscriptionLimit: number;
  /** decoded */
  maxBodyBytes: number;
  /** of all bodies in flight together in one process, decoded */
  maxBodyBytesInFlight: number;
  /** of a file to import, as it is sent */
  maxImportBytes: number;
  maxPings: number;
  webhookAllowPrivateNetwork: boolean;
  webhookAllowHttp: boolean;
  /** how long deliveries are kept */
  webhookLogDays: number;
  /** how many deliveries of an account may wait */
  webhookMaxWaiting: number;
  /** where backups are written while the server runs; undefined for none */
  backupDir: string | undefined;
  backupEveryHours: number;
  /** how many backups are kept */
  backupKeep: number;
  /** the servers that this one mirrors */
  upstreams: readonly UpstreamConfig[];
  /** the broker whose messages are recorded */
  mqtt: MqttConfig | undefined;
  /** where users sign in besides; undefined for nowhere */
  openId: OpenIdConfig | undefined;
  /** where metrics are served; undefined for nowhere */
  metricsPort: number | undefined;
  metricsHost: string;
  /** where traces go; undefined: nothing is traced */
  tracing: TracingConfig | undefined;
  logLevel: (typeof LOG_LEVELS)[number];
  /** a line for each variable whose name resembles one of Flowgate's but is not one */
  warnings: readonly string[];
  /** whether npm has started it, through a shell */
  isNpmScript: boolean;
}>;

/** What is wrong with the environment: all errors, on one line. */
export class ConfigError extends Error {}

/**
 * The only reader of the environment.
 * @throws ConfigError that names every wrong variable, the rule and the value, never DATABASE_URL's
 */
export function loadConfig(environment: NodeJS.ProcessEnv = readEnvironment()): Config {
  // `PORT=` in a file of variables means that it is not set.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const set = withSecrets(given);
  const { success, data, error } = ENVIRONMENT.safeParse(set);
  if (!success) {
    throw new ConfigError(error.issues.map((issue) => formatIssue(issue, set)).join('; '));
  }
  return {
    port: data.PORT,
    host: data.HOST,
    basePath: data.BASE_PATH,
    workers: data.FLOWGATE_WORKERS,
    ...complete(databaseConfigOf(data)),
    dataDir: data.FLOWGATE_DATA_DIR,
    demo: data.FLOWGATE_DEMO,
    trustedProxies: data.TRUSTED_PROXIES,
    corsOrigins: data.CORS_ORIGINS,
    rateLimit: data.RATE_LIMIT,
    costLimit: data.COST_LIMIT,
    subscriptionLimit: data.SUBSCRIPTION_LIMIT,
    accountSubscriptionLimit: data.ACCOUNT_SUBSCRIPTION_LIMIT,
    maxBodyBytes: data.MAX_BODY_BYTES,
    maxBodyBytesInFlight: bodyBytesOfProcess(data),
    maxImportBytes: data.MAX_IMPORT_BYTES,
    maxPings: data.MAX_PINGS,
    webhookAllowPrivateNetwork: data.WEBHOOK_ALLOW_PRIVATE_NETWORK,
    // Receivers inside a private network seldom have certificates.
    webhookAllowHttp: data.WEBHOOK_ALLOW_HTTP ?? data.WEBHOOK_ALLOW_PRIVATE_NETWORK,
    webhookLogDays: data.WEBHOOK_LOG_DAYS,
    webhookMaxWaiting: data.WEBHOOK_MAX_WAITING,
    backupDir: data.FLOWGATE_BACKUP_DIR,
    backupEveryHours: data.FLOWGATE_BACKUP_EVERY,
    backupKeep: data.FLOWGATE_BACKUP_KEEP,
    upstreams: complete(upstreamConfigsOf(data, readText)),
    mqtt: complete(mqttConfigOf(data)),
    openId: complete(openIdConfigOf(data)),
    metricsPort: data.METRICS_PORT,
    metricsHost: data.METRICS_HOST,
    tracing: tracingConfigOf(data),
    logLevel: data.LOG_LEVEL,
    warnings: unknownVariables(Object.keys(set), Object.keys(ENVIRONMENT.shape), SECRETS),
    isNpmScript: environment['npm_lifecycle_event'] !== undefined,
  };
}

/** The process's variables, and those of the file `.env` in the working directory that it lacks. */
function readEnvironment(): NodeJS.ProcessEnv {
  let text: string;
  try {
    text = readFileSync('.env', 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return process.env;
    throw new ConfigError(`.env cannot be read: ${code}`);
  }
  const file = parseEnv(text);
  // The SDK of OpenTelemetry reads its variables itself.
  for (const [name, value] of Object.entries(file)) {
    if (name.startsWith('OTEL_')) process.env[name] ??= value;
  }
  return { ...file, ...process.env };
}

// Variables whose value may be in a file, as Docker and systemd pass secrets.
const SECRETS = [
  ...DATABASE_SECRETS,
  'FLOWGATE_UPSTREAM_TOKEN',
  'FLOWGATE_UPSTREAM_SECRET',
  'FLOWGATE_MQTT_PASSWORD',
  'FLOWGATE_OIDC_CLIENT_SECRET',
] as const;

/** @throws Error that says why the file cannot be read */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`"${file}" cannot be read (${code}).`, { cause: error });
  }
}

/** Replaces `NAME_FILE` by NAME with the text of that file. */
function withSecrets(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const set = { ...given };
  for (const name of SECRETS) {
    const file = set[`${name}_FILE`];
    if (file === undefined) continue;
    if (set[name] !== undefined) throw new ConfigError(`Set ${name} or ${name}_FILE, not both.`);
    try {
      set[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new ConfigError(
        `${name}_FILE must name a file that can be read, not "${file}" (${code})`,
      );
    }
  }
  return set;
}

const ENVIRONMENT = z.object({
  PORT: whole(0, 65_535).default(DEFAULT_PORT),
  HOST: host().default('127.0.0.1'),
  BASE_PATH: z
    .string()
    .transform((text) => text.replace(/\/$/, ''))
    .refine((text) => text === '' || isBasePath(text), {
      error: 'must be a path such as /flow, not one of Flowgate’s own',
    })
    .default(''),
  ...DATABASE_VARIABLES,
  DATABASE_REPLICA_MAX_LAG: whole(1, 60_000).default(250),
  FLOWGATE_WORKERS: workers().default(1),
  FLOWGATE_DATA_DIR: z.string().default('.flowgate'),
  FLOWGATE_DEMO: yesOrNo().default(true),
  TRUSTED_PROXIES: list(isNetwork, 'IP addresses or CIDR ranges').default([]),
  CORS_ORIGINS: list(isOrigin, 'origins such as https://app.example.com').default([]),
  RATE_LIMIT: whole(0, 1_000_000_000).default(60_000),
  COST_LIMIT: whole(0, 1_000_000_000).default(30_000_000),
  SUBSCRIPTION_LIMIT: whole(0, 1_000_000).default(1000),
  ACCOUNT_SUBSCRIPTION_LIMIT: whole(0, 1_000_000).default(5000),
  // A JSON body becomes one string, and a string in V8 is limited to 512 MiB.
  MAX_BODY_BYTES: whole(1, 256 * MEBIBYTE).default(32 * MEBIBYTE),
  MAX_IMPORT_BYTES: whole(1, 16 * 1024 * MEBIBYTE).default(256 * MEBIBYTE),
  MAX_BODY_BYTES_IN_FLIGHT: whole(1, 64 * 1024 * MEBIBYTE).optional(),
  MAX_PINGS: whole(1, 10_000_000).default(100_000),
  WEBHOOK_ALLOW_PRIVATE_NETWORK: yesOrNo().default(false),
  WEBHOOK_ALLOW_HTTP: yesOrNo().optional(),
  WEBHOOK_LOG_DAYS: whole(1, 3650).default(30),
  WEBHOOK_MAX_WAITING: whole(1, 1_000_000_000).default(5_000_000),
  FLOWGATE_BACKUP_DIR: z.string().optional(),
  FLOWGATE_BACKUP_EVERY: hours(1, 24 * 366).default(24),
  FLOWGATE_BACKUP_KEEP: whole(1, 100_000).default(7),
  ...UPSTREAM_VARIABLES,
  FLOWGATE_UPSTREAM_POLL: whole(1, 86_400).default(15),
  ...MQTT_VARIABLES,
  ...OIDC_VARIABLES,
  METRICS_PORT: whole(0, 65_535).optional(),
  METRICS_HOST: host().default('127.0.0.1'),
  ...TRACING_VARIABLES,
  LOG_LEVEL: z
    .enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` })
    .default('info'),
});

/** `auto` is one for each core that this process may use. */
function workers() {
  const error = `must be auto or a whole number from 1 to ${MAX_WORKERS}`;
  return z
    .string()
    .regex(/^(auto|[1-9]\d?)$/, { error, abort: true })
    .transform((text) =>
      text === 'auto' ? Math.min(availableParallelism(), MAX_WORKERS) : Number(text),
    )
    .refine((count) => count <= MAX_WORKERS, { error });
}

/** Each worker has a heap of its own; what is set is of all of them together. */
function bodyBytesOfProcess(data: z.infer<typeof ENVIRONMENT>): number {
  const { MAX_BODY_BYTES_IN_FLIGHT: given, FLOWGATE_WORKERS } = data;
  return given === undefined ? defaultBodyBytes() : Math.ceil(given / FLOWGATE_WORKERS);
}

/** @throws ConfigError where it is not set wholly */
function complete<T>(config: T | string): T {
  if (typeof config === 'string') throw new ConfigError(config);
  return config;
}

function formatIssue({ path, message }: z.core.$ZodIssue, set: NodeJS.ProcessEnv): string {
  const name = String(path[0]);
  return `${name} ${message}, not ${JSON.stringify(set[name])}`;
}
