import type { ReactNode } from 'react';
import type { FormErrors } from '../form-errors.js';
import { useErrorFocus } from '../use-error-focus.js';
import { Dialog } from './dialog.js';

/** A form in a dialog: it can be cancelled, and shows the errors that belong to none of its fields. */
export function FormDialog({
  title,
  action,
  errors,
  isBusy,
  onSubmit,
  onClose,
  children,
}: {
  title: ReactNode;
  /** what the button that submits it says */
  action: ReactNode;
  errors: FormErrors;
  isBusy: boolean;
  onSubmit: (data: FormData) => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const form = useErrorFocus(errors);
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        ref={form}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(new FormData(event.currentTarget));
        }}
      >
        {children}
        {errors.general && (
          <p className="notice bad" role="alert">
            {errors.general}
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={isBusy}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** What was typed into a field; empty where there is none of that name. */
export function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}
