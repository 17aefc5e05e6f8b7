import type { CreateApiTokenMutation } from '../../../../../generated/graphql/graphql.js';
import { CopyButton } from '../../../components/copy-button.js';
import { Dialog } from '../../../components/dialog.js';

/** The only time that a key is shown. */
export function NewToken({
  token: { name, key },
  onClose,
}: {
  token: CreateApiTokenMutation['createApiToken'];
  onClose: () => void;
}) {
  return (
    <Dialog
      title={
        <>
          The key of “<bdi>{name}</bdi>”
        </>
      }
      onClose={onClose}
      mustAnswer
    >
      <p>Copy it now: Flowgate stores only its hash and cannot show it again.</p>
      <div className="row">
        <code className="secret-value" data-testid="new-key">
          {key}
        </code>
        <CopyButton what="the key" text={() => key} />
      </div>
      <div className="dialog-actions">
        <button type="button" className="primary" onClick={onClose}>
          Done, I have it
        </button>
      </div>
    </Dialog>
  );
}
