import { canonical, checksumsOf, sha256 } from '../../src/domain/statements/canonical.js';
import { verifyStatement } from '../../src/domain/statements/verify.js';

/** Where a file is wrong of which a sensor's content was changed, and all hashes computed again. */
export function problemsWith(file: object, change: (content: any) => unknown): string[] {
  const copy = structuredClone(file) as any;
  const [part] = copy.sensors;
  change(part.content);
  part.checksums = checksumsOf(part.content);
  copy.statement.sensors[0].hash = sha256(canonical(part.content));
  copy.checksums = checksumsOf(copy.statement);
  copy.hash = sha256(canonical(copy.statement));
  return verifyStatement(JSON.stringify(copy)).problems.map(({ place }) => place);
}

/** A file, one field of which was changed. */
export function tampered(file: object, place: string): string {
  const copy = structuredClone(file) as any;
  const steps = place.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  const last = steps.pop()!;
  const owner = steps.reduce((value, step) => value[step], copy);
  owner[last] = otherValue(owner[last]);
  return JSON.stringify(copy);
}

function otherValue(value: unknown): unknown {
  if (typeof value === 'number') return value + 0.000001;
  if (typeof value !== 'string') return 'x';
  if (/^\d{4}-\d\d-.*Z$/.test(value)) return value.replace('Z', '.001Z');
  return value.replace(/[^\n](?=\n?$)/, (end) => (end === 'a' ? 'b' : 'a'));
}
