import { CodeBlock } from '../../components/code-block.js';
import { CopyButton } from '../../components/copy-button.js';
import { Dialog } from '../../components/dialog.js';

/** The only time that recovery codes are shown. */
export function RecoveryCodes({
  codes,
  onClose,
}: {
  codes: readonly string[];
  onClose: () => void;
}) {
  const text = codes.join('\n');
  return (
    <Dialog title="Your recovery codes" onClose={onClose} mustAnswer>
      <p>
        Each of them takes the place of a code of the app once. Keep them where you can reach them
        without it: Flowgate stores only their hashes and cannot show them again.
      </p>
      <CodeBlock name="Recovery codes" text={text} />
      <div className="dialog-actions">
        <CopyButton what="the recovery codes" text={() => text} />
        <button type="button" className="primary" onClick={onClose}>
          Done, I have them
        </button>
      </div>
    </Dialog>
  );
}
