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
  canSubmit = true,
  onSubmit,
  onClose,
  children,
}: {
  title: ReactNode;
  /** what the button that submits it says */
  action: ReactNode;
  errors: FormErrors;
  isBusy: boolean;
  /** whether all is there that it needs */
  canSubmit?: boolean;
  onSubmit: (data: FormData) => void | Promise<void>;
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
          void onSubmit(new FormData(event.currentTarget));
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
          <button type="submit" className="primary" disabled={isBusy || !canSubmit}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** What was entered in a field; empty where there is none of that name. */
export function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}

/** The numbers that were entered in fields; null where one is empty. Errors are by the field's name. */
export function numbersOf<Name extends string>(
  data: FormData,
  names: readonly Name[],
): { numbers: Readonly<Record<Name, number | null>>; errors: FormErrors['byField'] } {
  const entered = names.map((name) => {
    const text = textOf(data, name).trim();
    return [name, text === '' ? null : Number(text)] as const;
  });
  const wrong = entered.filter(([, number]) => Number.isNaN(number));
  return {
    numbers: Object.fromEntries(entered) as Record<Name, number | null>,
    errors: Object.fromEntries(wrong.map(([name]) => [name, 'Must be a number.'])),
  };
}
