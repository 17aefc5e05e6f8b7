import { z } from 'zod';
import { yesOrNo } from '../environment-values.js';

/** Where traces go. */
export interface TracingConfig {
  readonly exporter: 'otlp' | 'console';
  readonly protocol: Protocol;
}

const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
type Protocol = (typeof PROTOCOLS)[number];

const protocol = () => z.enum(PROTOCOLS, { error: `must be ${PROTOCOLS.join(' or ')}` }).optional();
const url = () =>
  z
    .string()
    .refine((text) => URL.canParse(text) && /^https?:/.test(text), {
      error: 'must be a URL such as http://127.0.0.1:4318',
    })
    .optional();

/** Those that decide whether anything is traced; the SDK reads the others itself. */
export const TRACING_VARIABLES = {
  OTEL_SDK_DISABLED: yesOrNo().default(false),
  OTEL_TRACES_EXPORTER: z
    .enum(['otlp', 'console', 'none'], { error: 'must be otlp, console or none' })
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url(),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol(),
};

type Variables = z.infer<z.ZodObject<typeof TRACING_VARIABLES>>;

/** @returns undefined where nothing is to be traced */
export function tracingConfigOf(data: Variables): TracingConfig | undefined {
  const endpoint = data.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? data.OTEL_EXPORTER_OTLP_ENDPOINT;
  const { OTEL_TRACES_EXPORTER: exporter = endpoint === undefined ? 'none' : 'otlp' } = data;
  if (data.OTEL_SDK_DISABLED || exporter === 'none') return undefined;
  return {
    exporter,
    protocol:
      data.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ??
      data.OTEL_EXPORTER_OTLP_PROTOCOL ??
      'http/protobuf',
  };
}
