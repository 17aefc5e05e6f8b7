import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** What a receiver finds out about a delivery. */
export interface Inspection {
  /** what it tells of, its number, and its signatures, for a person to read */
  readonly line: string;
  /** undefined where there is no secret to verify with */
  readonly isGenuine: boolean | undefined;
}

/**
 * Verifies both signatures as a receiver should: the secret itself in
 * FC-Signature, compared in constant time, and those of Standard Webhooks.
 */
export function inspect(
  headers: IncomingHttpHeaders,
  body: string,
  secret: string | undefined,
): Inspection {
  const number = headers['fc-sequence'];
  const about = `${told(body)}${typeof number === 'string' ? `  #${number}` : ''}`;
  if (secret === undefined) return { line: printable(about), isGenuine: undefined };
  const faults = [secretFault(headers, secret), signatureFault(headers, body, secret)];
  const [fc, standard] = faults.map((fault) => fault ?? 'ok');
  return {
    line: printable(`${about}  FC-Signature ${fc}, webhook-signature ${standard}`),
    isGenuine: faults.every((fault) => fault === undefined),
  };
}

function secretFault(headers: IncomingHttpHeaders, secret: string): string | undefined {
  const given = headers['fc-signature'];
  if (typeof given !== 'string') return 'missing';
  return timingSafeEqual(digest(given), digest(secret)) ? undefined : 'WRONG';
}

/** Of one length, whatever is compared. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function signatureFault(
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

function told(body: string): string {
  const { type, data } = parsed(body);
  if (typeof type !== 'string' || !data) return 'No webhook of Flowgate';
  const { sensor_id, sensor_name, id, datetime, flowrate, previous_flowrate } = data;
  const sensor = `${sensor_name} (${sensor_id})`;
  if (type === 'ping_received') return `${datetime}  ${sensor}  ${flowrate} bbl/d  ping ${id}`;
  if (type === 'ping_corrected') {
    return `${datetime}  ${sensor}  ${flowrate} bbl/d, before ${previous_flowrate}  ping ${id}`;
  }
  if (type === 'pings_deleted') {
    return `${data.start} to ${data.end}  ${sensor}  ${data.count} pings deleted`;
  }
  return type;
}

type Told = Partial<Record<string, string | number | null>>;

function parsed(body: string): { type?: unknown; data?: Told } {
  try {
    return (JSON.parse(body) ?? {}) as { type?: unknown; data?: Told };
  } catch {
    return {};
  }
}

/** A sender that is not who it says must not write to the terminal what it likes. */
function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, '\uFFFD');
}
