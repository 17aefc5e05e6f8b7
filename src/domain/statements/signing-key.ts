import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { SigningKeyStore } from '../../storage/statements/signing-key-store.js';
import { fingerprintOf } from './verify.js';

export interface PublicKey {
  /** PEM */
  readonly publicKey: string;
  /** SHA-256 of the key (DER, SubjectPublicKeyInfo), in hexadecimal */
  readonly fingerprint: string;
}

/** The Ed25519 key by which a database signs its statements. */
export class SigningKey {
  private key: Promise<{ privateKey: string } & PublicKey> | undefined;

  constructor(private readonly store: SigningKeyStore) {}

  async publicKey(): Promise<PublicKey> {
    const { publicKey, fingerprint } = await this.load();
    return { publicKey, fingerprint };
  }

  /** @returns the signature in base64 */
  async signer(): Promise<PublicKey & { readonly sign: (text: string) => string }> {
    const { privateKey, publicKey, fingerprint } = await this.load();
    const key = createPrivateKey(privateKey);
    return {
      publicKey,
      fingerprint,
      sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
    };
  }

  private load(): Promise<{ privateKey: string } & PublicKey> {
    this.key ??= this.read().catch((error: unknown) => {
      this.key = undefined;
      throw error;
    });
    return this.key;
  }

  /** Creates it where there is none: of several instances that do so at once, one succeeds. */
  private async read(): Promise<{ privateKey: string } & PublicKey> {
    const privateKey = (await this.store.find()) ?? (await this.store.add(newPrivateKey()));
    const publicKey = createPublicKey(privateKey)
      .export({ type: 'spki', format: 'pem' })
      .toString();
    return { privateKey, publicKey, fingerprint: fingerprintOf(publicKey) };
  }
}

function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
