import { z } from 'zod';
import { SensorTemplate } from './sparkplug/sensor-template.js';
import { TopicTemplate } from './topic-template.js';

export const PROFILES = ['plain', 'kepware', 'thingsboard', 'sparkplug'] as const;
/** How the messages of a broker are written. */
export type ProfileName = (typeof PROFILES)[number];
/** Those whose messages are JSON. */
export type JsonProfileName = Exclude<ProfileName, 'sparkplug'>;

/** A broker whose messages are recorded as readings of an account's sensors. */
export interface MqttConfig {
  /** without credentials */
  readonly url: URL;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly clientId: string;
  readonly account: string;
  readonly profile: ProfileName;
  readonly topics: readonly TopicTemplate[];
  /** the names of the sensors of Sparkplug's metrics */
  readonly sensor: SensorTemplate;
  /** of the host application of Sparkplug; undefined: edge nodes are not told whether it is there */
  readonly hostId: string | undefined;
}

const DEFAULT_TOPICS: Readonly<Record<ProfileName, string>> = {
  plain: 'flowgate/{sensor}',
  kepware: 'iotgateway',
  thingsboard: 'v1/gateway/telemetry',
  sparkplug: 'spBv1.0/#',
};
/** Tells every metric of every edge node and device apart. */
const DEFAULT_SENSOR = '{group}/{node}/{device}/{metric}';
const IS_SPARKPLUG = /^spBv1\.0\/(?!.*\{sensor\})/;
const PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];
// Every broker must accept 23 letters and digits; those in use take far more.
const CLIENT_ID = /^[\w.:-]{1,128}$/;
const HOST_ID = /^[^/+#\u0000-\u001f]{1,128}$/;

/** The variables that set it. */
export const MQTT_VARIABLES = {
  FLOWGATE_MQTT_URL: z
    .string()
    .refine(isBroker, { error: 'must be a URL such as mqtts://broker.example.com:8883' })
    .optional(),
  FLOWGATE_MQTT_USERNAME: z.string().optional(),
  FLOWGATE_MQTT_PASSWORD: z.string().optional(),
  FLOWGATE_MQTT_CLIENT_ID: z
    .string()
    .regex(CLIENT_ID, { error: 'must be 1 to 128 letters, digits or any of . _ : -' })
    .optional(),
  FLOWGATE_MQTT_ACCOUNT: z.string().optional(),
  FLOWGATE_MQTT_PROFILE: z
    .enum(PROFILES, { error: `must be one of ${PROFILES.join(', ')}` })
    .default('plain'),
  FLOWGATE_MQTT_TOPICS: z
    .string()
    .transform((text, context) => {
      const topics = text.split(',').map((topic) => TopicTemplate.parse(topic.trim()));
      const valid = topics.filter((topic) => topic !== undefined);
      if (valid.length === topics.length) return valid;
      const message =
        'must be topics, separated by commas, such as site/+/{sensor}/flow, with {sensor} at most once in each';
      context.addIssue(message);
      return z.NEVER;
    })
    .optional(),
  FLOWGATE_MQTT_SENSOR: z
    .string()
    .transform((text, context) => {
      const template = SensorTemplate.parse(text);
      if (template) return template;
      context.addIssue(
        'must be a name with {group}, {node}, {device} or {metric}, such as {device}/{metric}',
      );
      return z.NEVER;
    })
    .optional(),
  FLOWGATE_MQTT_HOST_ID: z
    .string()
    .regex(HOST_ID, { error: 'must be 1 to 128 characters without any of / + #' })
    .optional(),
};

type Variables = z.infer<z.ZodObject<typeof MQTT_VARIABLES>>;

/** @returns undefined where no broker is set; what is wrong, where it is not set wholly */
export function mqttConfigOf(data: Variables): MqttConfig | string | undefined {
  const { FLOWGATE_MQTT_URL: url, FLOWGATE_MQTT_ACCOUNT: account } = data;
  if (url === undefined) return undefined;
  if (account === undefined) return 'FLOWGATE_MQTT_URL needs FLOWGATE_MQTT_ACCOUNT';
  const { FLOWGATE_MQTT_PROFILE: profile } = data;
  const topics = data.FLOWGATE_MQTT_TOPICS ?? [TopicTemplate.parse(DEFAULT_TOPICS[profile])!];
  if (profile === 'kepware' && topics.some(({ hasSensor }) => hasSensor)) {
    return 'FLOWGATE_MQTT_TOPICS must not have {sensor} with the profile kepware, whose messages name the tag of each value';
  }
  if (profile === 'sparkplug' && topics.some(({ text }) => !IS_SPARKPLUG.test(text))) {
    return 'FLOWGATE_MQTT_TOPICS must begin with spBv1.0/ and not have {sensor} with the profile sparkplug; FLOWGATE_MQTT_SENSOR says how sensors are named';
  }
  const { FLOWGATE_MQTT_SENSOR: sensor, FLOWGATE_MQTT_HOST_ID: hostId } = data;
  if (profile !== 'sparkplug' && (sensor !== undefined || hostId !== undefined)) {
    return 'FLOWGATE_MQTT_SENSOR and FLOWGATE_MQTT_HOST_ID need FLOWGATE_MQTT_PROFILE=sparkplug';
  }
  const username = data.FLOWGATE_MQTT_USERNAME;
  const password = data.FLOWGATE_MQTT_PASSWORD;
  const clientId = data.FLOWGATE_MQTT_CLIENT_ID ?? 'flowgate';
  return {
    ...{ url: new URL(url), username, password, clientId, account, profile, topics, hostId },
    sensor: sensor ?? SensorTemplate.parse(DEFAULT_SENSOR)!,
  };
}

function isBroker(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return !!url?.hostname && PROTOCOLS.includes(url.protocol) && !url.username && !url.password;
}
