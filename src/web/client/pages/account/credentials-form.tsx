import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { FormDialog, textOf } from '../../components/form-dialog.js';
import { FormField } from '../../components/form-field.js';
import { formErrors } from '../../form-errors.js';

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
  return (
    <FormDialog
      {...{ title, action, errors, isBusy, onClose }}
      onSubmit={(data) =>
        onSubmit({ currentPassword: textOf(data, 'currentPassword'), code: textOf(data, 'code') })
      }
    >
      {children}
      {fields.map((name, index) => (
        <FormField key={name} label={INPUTS[name].label} error={errors.byField[name]}>
          {(input) => (
            <input {...input} {...INPUTS[name].attributes} name={name} autoFocus={index === 0} />
          )}
        </FormField>
      ))}
    </FormDialog>
  );
}
