import { decodeFile } from '../../src/domain/transfer/import/encoding.js';
import { ImportErrors } from '../../src/domain/transfer/import/errors.js';
import type { ImportOptions, ImportResult } from '../../src/domain/transfer/import/options.js';
import type { TestDatabase } from './database.js';
import { createTestDomain } from './domain.js';
import { storedPings } from './stored-pings.js';

interface LoadOptions extends Partial<ImportOptions> {
  readonly encoding?: string;
  /** names of sensors that the account has before */
  readonly sensors?: readonly string[];
}

/** A plain file, and its pings as `ImportFixture.load` returns them. */
export const HEADER = 'sensor_name,datetime,flowrate';
export const PLAIN = `${HEADER}\nA,2024-03-01T06:00:00Z,1234.5\nB,2024-03-01T06:05:00Z,7\n`;
export const PINGS = ['A,2024-03-01T06:00:00Z,1234.5', 'B,2024-03-01T06:05:00Z,7'];

/** Loads files into accounts of a test database, each into a new one. */
export class ImportFixture {
  private readonly domain: ReturnType<typeof createTestDomain>;
  private accounts = 0;

  constructor(private readonly db: TestDatabase) {
    this.domain = createTestDomain(db.database);
  }

  /** @returns the result, and the pings that the new account has: `sensor,datetime,flowrate` */
  async load(
    file: string | Buffer,
    { encoding, sensors = [], ...options }: LoadOptions = {},
    pieceBytes = 1 << 16,
  ): Promise<ImportResult & { readonly pings: string[] }> {
    const name = `import ${++this.accounts}`;
    await this.domain.accounts.create(name);
    const operator = await this.domain.accounts.operatorIn({ name });
    for (const sensor of sensors) await this.domain.sensors.create(operator, { name: sensor });
    const bytes = typeof file === 'string' ? Buffer.from(file) : file;
    const { text, recognised, format } = await decodeFile(pieces(bytes, pieceBytes), encoding);
    const result = await this.domain.imports.run(operator, text, {
      unit: 'bbl/d',
      onConflict: 'REJECT',
      createSensors: true,
      dryRun: false,
      comment: 'test',
      ...options,
      format: { ...options.format, ...format },
    });
    return {
      ...result,
      recognised: [...recognised, ...result.recognised],
      pings: await storedPings(this.db, name),
    };
  }

  /** The errors of a file that is refused, each as `line column: message [option=value …]`. */
  async errorsOf(...args: Parameters<ImportFixture['load']>): Promise<string[]> {
    try {
      await this.load(...args);
    } catch (error) {
      if (!(error instanceof ImportErrors)) throw error;
      return error.errors.map(({ line = '', column = '', message, remedies = [] }) => {
        const options = remedies.map(({ option, value }) =>
          value ? `${option}=${value}` : option,
        );
        return `${line} ${column}: ${message} [${options.join(' ')}]`;
      });
    }
    throw new Error('The file was loaded.');
  }
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}
