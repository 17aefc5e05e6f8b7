import { useState, type ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { Dialog } from './dialog.js';
import { reasonOf } from './failure.js';

/**
 * Asks before something that cannot be undone. It stays open and shows the reason if that fails.
 */
export function ConfirmDialog({
  title,
  action,
  isDangerous = false,
  canConfirm = true,
  onConfirm,
  onDone,
  onClose,
  children,
}: {
  title: ReactNode;
  action: string;
  isDangerous?: boolean;
  canConfirm?: boolean;
  onConfirm: () => Promise<{ error?: CombinedError | undefined }>;
  onDone: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<CombinedError>();
  const confirm = async () => {
    setBusy(true);
    const result = await onConfirm();
    setBusy(false);
    setError(result.error);
    if (!result.error) onDone();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {error && (
        <p className="notice bad" role="alert">
          {reasonOf(error)}
        </p>
      )}
      <div className="dialog-actions">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className={isDangerous ? 'danger' : 'primary'}
          disabled={isBusy || !canConfirm}
          onClick={confirm}
        >
          {action}
        </button>
      </div>
    </Dialog>
  );
}
