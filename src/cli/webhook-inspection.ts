import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** What a receiver can find out about a delivery. */
export interface Inspection {
  /** its event, its number and the result of verifying its signatures, for people to read */
  readonly line: string;
  /** undefined without a secret to verify with */
  readonly isGenuine: boolean | undefined;
}

/**
 * Verifies both signatures as a receiver should: the secret itself in FC-Signature, compared in
 * constant time, and those of Standard Webhooks.
 */
export function inspect(
  headers: IncomingHttpHeaders,
  body: string,
  secret: string | undefined,
): Inspection {
  const number = headers['fc-sequence'];
  const about = `${describe(body)}${typeof number === 'string' ? `  #${number}` : ''}${headers['fc-test'] === 'true' ? '  test' : ''}`;
  if (secret === undefined) return { line: printable(about), isGenuine: undefined };
  const errors = [secretError(headers, secret), signatureError(headers, body, secret)];
  const [fc, standard] = errors.map((error) => error ?? 'ok');
  return {
    line: printable(`${about}  FC-Signature ${fc}, webhook-signature ${standard}`),
    isGenuine: errors.every((error) => error === undefined),
  };
}

function secretError(headers: IncomingHttpHeaders, secret: string): string | undefined {
  const given = headers['fc-signature'];
  if (typeof given !== 'string') return 'missing';
  return timingSafeEqual(digest(given), digest(secret)) ? undefined : 'WRONG';
}

/** Gives any two texts the same length, as timingSafeEqual requires. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function signatureError(
  headers: IncomingHttpHeaders,
  body: string,
  secret: string,
): string | undefined {
  if (!headers['webhook-signature']) return 'missing';
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>, { jsonParse: false });
    return undefined;
  } catch (error) {
    return `WRONG (${(error as Error).message})`;
  }
}

function describe(body: string): string {
  const { type, data } = parseBody(body);
  if (typeof type !== 'string' || !data) return 'Not a Flowgate webhook';
  const { sensor_id, sensor_name, id, datetime, flowrate, previous_flowrate } = data;
  const sensor = `${sensor_name} (${sensor_id})`;
  if (type === 'ping_received') return `${datetime}  ${sensor}  ${flowrate} bbl/d  ping ${id}`;
  if (type === 'ping_corrected') {
    return `${datetime}  ${sensor}  ${flowrate} bbl/d, before ${previous_flowrate}  ping ${id}`;
  }
  if (type === 'pings_deleted') {
    return `${data.start} to ${data.end}  ${sensor}  ${data.count} pings deleted`;
  }
  if (type === 'volume_revised') {
    return `${data.start} to ${data.end}  ${sensor}  ${data.after} bbl, before ${data.before}`;
  }
  if (type === 'imbalance_detected') {
    return `${data.start} to ${data.end}  group ${data.group_name} (${data.group_id})  imbalance of ${data.imbalance} bbl`;
  }
  if (type === 'period_closed') {
    return `${data.start} to ${data.end}  group ${data.group_name} (${data.group_id})  period ${data.id} closed`;
  }
  if (type === 'statement_issued') {
    return `${data.start} to ${data.end}  statement ${data.number}, version ${data.version}, issued`;
  }
  return type;
}

type EventData = Partial<Record<string, string | number | null>>;

function parseBody(body: string): { type?: unknown; data?: EventData } {
  try {
    return (JSON.parse(body) ?? {}) as { type?: unknown; data?: EventData };
  } catch {
    return {};
  }
}

/** Keeps an untrusted sender from controlling the terminal. */
function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, '\uFFFD');
}
