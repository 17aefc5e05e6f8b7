import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { plus, toDecimal, ZERO } from '../shared/rational.js';
import { canonical, changedPlaces, sha256 } from './canonical.js';
import { FORMAT, FORMAT_VERSION, SIGNATURE_ALGORITHM, type StatementFile } from './document.js';
import { misfit } from './file-shape.js';
import { agrees, verifyFigures, type Problem } from './verify-figures.js';

export type { Problem } from './verify-figures.js';

export interface Verification {
  /** none: the file is what its key signed, and its figures follow from its readings */
  readonly problems: readonly Problem[];
  /** undefined where it cannot be read */
  readonly file?: StatementFile;
}

/** Checks a measurement statement without a server. */
export function verifyStatement(text: string): Verification {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    return {
      problems: [{ place: 'file', message: `it is not JSON: ${(error as Error).message}` }],
    };
  }
  const wrong = wrongFormat(file);
  if (wrong) return { problems: [wrong] };
  const place = misfit(file);
  if (place !== undefined) {
    return { problems: [{ place, message: 'it is missing, or not of its type' }] };
  }
  const statement = file as StatementFile;
  const problems = [
    ...headerProblems(statement),
    ...signatureProblems(statement),
    ...sensorProblems(statement),
  ];
  return { problems: distinct(problems), file: statement };
}

/** Where statements of one account do not follow each other, as the hash in each says. */
export function chainProblems(files: readonly StatementFile[]): Problem[] {
  const byNumber = [...files].sort((a, b) => a.statement.number - b.statement.number);
  return byNumber.slice(1).flatMap((file, index): Problem[] => {
    const before = byNumber[index]!;
    const { number, previousHash, account } = file.statement;
    const isNext = before.statement.account === account && before.statement.number + 1 === number;
    return !isNext || previousHash === before.hash
      ? []
      : [
          {
            place: 'statement.previousHash',
            message: `statement ${number} does not follow the given statement ${number - 1}`,
          },
        ];
  });
}

/** SHA-256 of a public key (DER, SubjectPublicKeyInfo), in hexadecimal. */
export function fingerprintOf(publicKey: string): string {
  const der = createPublicKey(publicKey).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex');
}

function wrongFormat(file: unknown): Problem | undefined {
  const { format, formatVersion } = (file ?? {}) as Partial<StatementFile>;
  if (format !== FORMAT) return { place: 'format', message: `it must be "${FORMAT}"` };
  if (formatVersion === FORMAT_VERSION) return undefined;
  return { place: 'formatVersion', message: `this version of Flowgate reads ${FORMAT_VERSION}` };
}

const CHANGED = 'it was changed after the statement was issued';

function headerProblems({ statement, checksums, hash }: StatementFile): Problem[] {
  const places = changedPlaces(statement, checksums, 'statement');
  const isWhole = sha256(canonical(statement)) === hash;
  if (isWhole) {
    return places.map((place) => ({
      place: place.replace('statement', 'checksums'),
      message: CHANGED,
    }));
  }
  return placesOr(places, 'hash');
}

function sensorProblems({ statement, sensors }: StatementFile): Problem[] {
  const problems: Problem[] = [];
  if (sensors.length !== statement.sensors.length) {
    problems.push({
      place: 'sensors',
      message: `there are ${sensors.length}, and the statement is of ${statement.sensors.length}`,
    });
  }
  let sum = { volume: ZERO, tolerance: ZERO };
  sensors.forEach(({ content, checksums }, index) => {
    const place = `sensors[${index}].content`;
    const listed = statement.sensors[index];
    const places = changedPlaces(content, checksums, place);
    if (sha256(canonical(content)) !== listed?.hash) {
      problems.push(...placesOr(places, `statement.sensors[${index}].hash`));
    } else {
      const own = places.map((each) => each.replace('.content', '.checksums'));
      problems.push(...own.map((each) => ({ place: each, message: CHANGED })));
    }
    for (const end of ['start', 'end'] as const) {
      if (content.period[end] !== statement[end]) {
        problems.push({
          place: `${place}.period.${end}`,
          message: `the statement’s is ${statement[end]}`,
        });
      }
    }
    const { problems: own, total } = verifyFigures(content, place);
    problems.push(...own);
    sum = {
      volume: plus(sum.volume, total.volume),
      tolerance: plus(sum.tolerance, total.tolerance),
    };
    if (listed && !agrees(listed.volume, total.volume, total.tolerance)) {
      problems.push(mismatch(`statement.sensors[${index}].volume`, listed.volume, total));
    }
  });
  if (!agrees(statement.volume, sum.volume, sum.tolerance)) {
    problems.push(mismatch('statement.volume', statement.volume, sum));
  }
  return problems;
}

function mismatch(place: string, stated: number, exact: { volume: typeof ZERO }): Problem {
  return {
    place,
    message: `it is ${stated}, and the readings come to ${toDecimal(exact.volume, 6)}`,
  };
}

function signatureProblems({ statement, signature }: StatementFile): Problem[] {
  if ((signature.algorithm as string) !== SIGNATURE_ALGORITHM) {
    return [{ place: 'signature.algorithm', message: `it must be "${SIGNATURE_ALGORITHM}"` }];
  }
  const { publicKey, value } = signature;
  const key = readPublicKey(publicKey);
  if (!key) return [{ place: 'signature.publicKey', message: 'it is not a public key in PEM' }];
  if (fingerprintOf(publicKey) !== statement.keyFingerprint) {
    return [
      { place: 'signature.publicKey', message: 'it is not the key that the statement names' },
    ];
  }
  const bytes = Buffer.from(value, 'base64');
  // Decoding ignores what is not base64, so that other texts have the same bytes.
  const isSignature =
    bytes.toString('base64') === value &&
    verify(null, Buffer.from(canonical(statement)), key, bytes);
  return isSignature
    ? []
    : [{ place: 'signature.value', message: 'it is not a signature of this statement' }];
}

/** Undefined where it is not an Ed25519 key in the form in which it is issued. */
function readPublicKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    const isIssued = key.asymmetricKeyType === 'ed25519' && key.export(PEM).toString() === pem;
    return isIssued ? key : undefined;
  } catch {
    return undefined;
  }
}

const PEM = { type: 'spki', format: 'pem' } as const;

function placesOr(places: readonly string[], otherwise: string): Problem[] {
  const named = places.length > 0 ? places : [otherwise];
  return named.map((place) => ({ place, message: CHANGED }));
}

/** What was changed comes first, and each place once. */
function distinct(problems: readonly Problem[]): Problem[] {
  const found = new Map<string, Problem>();
  for (const problem of problems) if (!found.has(problem.place)) found.set(problem.place, problem);
  return [...found.values()];
}
