import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.js';
import { Dialog } from './dialog.js';

/** The only time that a secret is shown. */
export function SecretDialog({
  title,
  what,
  secret,
  testId,
  onClose,
  children,
}: {
  title: ReactNode;
  /** of the button that copies it: "the key" */
  what: string;
  secret: string;
  testId: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Dialog title={title} onClose={onClose} mustAnswer>
      {children}
      <div className="row">
        <code className="secret-value" data-testid={testId}>
          {secret}
        </code>
        <CopyButton what={what} text={() => secret} />
      </div>
      <div className="dialog-actions">
        <button type="button" className="primary" onClick={onClose}>
          Done, I have it
        </button>
      </div>
    </Dialog>
  );
}
