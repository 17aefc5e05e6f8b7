import type { ReactNode, SubmitEvent } from 'react';
import type { CombinedError } from 'urql';
import { Dialog } from '../../components/dialog.js';
import { FormField } from '../../components/form-field.js';
import { formErrors } from '../../form-errors.js';
import { useErrorFocus } from '../../use-error-focus.js';

const INPUTS = {
  currentPassword: {
    label: 'Current password',
    attributes: { type: 'password', autoComplete: 'current-password' },
  },
  code: {
    label: 'Code',
    attributes: { autoComplete: 'one-time-code', autoCapitalize: 'none', spellCheck: false },
  },
} as const;

type Field = keyof typeof INPUTS;

/** A dialog that asks users to prove again who they are. */
export function CredentialsForm({
  title,
  action,
  fields,
  error,
  isBusy,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  action: string;
  fields: readonly Field[];
  error: CombinedError | undefined;
  isBusy: boolean;
  onSubmit: (values: Readonly<Record<Field, string>>) => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const errors = formErrors(error, fields);
  const form = useErrorFocus(errors);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: Field) => (data.get(name) as string | null) ?? '';
    onSubmit({ currentPassword: text('currentPassword'), code: text('code') });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form ref={form} className="stack" onSubmit={submit} noValidate>
        {children}
        {fields.map((name, index) => (
          <FormField key={name} label={INPUTS[name].label} error={errors.byField[name]}>
            {(input) => (
              <input {...input} {...INPUTS[name].attributes} name={name} autoFocus={index === 0} />
            )}
          </FormField>
        ))}
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
