import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { SYSTEM_PATH } from './binaries.js';

// The user and group "nobody".
const NOBODY = 65534;

/**
 * The user that PostgreSQL runs as: it refuses to be root. As root it becomes another user but
 * keeps the one capability that lets it pass through folders that are closed to that user, as a
 * home of mode 0700 is.
 */
export class OsUser {
  private constructor(
    private readonly user: { uid: number; gid: number } | undefined,
    private readonly canSetpriv: boolean,
  ) {}

  /** For an existing cluster this is the owner of `data`. */
  static async of(data: string): Promise<OsUser> {
    if (process.getuid?.() !== 0) return new OsUser(undefined, false);
    const owner = await stat(data).catch(() => undefined);
    const user = owner?.uid
      ? { uid: owner.uid, gid: owner.gid || NOBODY }
      : { uid: NOBODY, gid: NOBODY };
    const [command, args] = setpriv(user, ['true']);
    const canSetpriv = await promisify(execFile)(command, args, {
      env: { PATH: SYSTEM_PATH },
    }).then(
      () => true,
      () => false,
    );
    return new OsUser(user, canSetpriv);
  }

  /** True where the user lacks the right to pass through closed folders. */
  get needsOpenFolders(): boolean {
    return this.user !== undefined && !this.canSetpriv;
  }

  async own(file: string): Promise<void> {
    if (this.user) await chown(file, this.user.uid, this.user.gid);
  }

  /** The command line, and the spawn options, that run `program` as this user. */
  command(
    program: string,
    args: readonly string[],
  ): { file: string; args: string[]; options: { uid?: number; gid?: number } } {
    if (!this.user) return { file: program, args: [...args], options: {} };
    if (!this.canSetpriv) return { file: program, args: [...args], options: this.user };
    const [file, wrapped] = setpriv(this.user, [program, ...args]);
    return { file, args: wrapped, options: {} };
  }
}

function setpriv(user: { uid: number; gid: number }, command: string[]): [string, string[]] {
  const keep = '+dac_override';
  return [
    'setpriv',
    [
      ...['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'],
      ...['--securebits', '+no_setuid_fixup', '--inh-caps', keep, '--ambient-caps', keep],
      ...command,
    ],
  ];
}
