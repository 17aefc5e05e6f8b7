import { useState } from 'react';
import { useMutation } from 'urql';
import { ChangePasswordDocument } from '../../../../generated/graphql/graphql.js';
import { FormDialog, textOf } from '../../components/form-dialog.js';
import { FormField } from '../../components/form-field.js';
import { formErrors } from '../../form-errors.js';

const FIELDS = [
  { name: 'currentPassword', label: 'Current password', autoComplete: 'current-password' },
  { name: 'newPassword', label: 'New password', autoComplete: 'new-password' },
  { name: 'repeated', label: 'New password again', autoComplete: 'new-password' },
] as const;

/** Changes the user’s password. */
export function PasswordForm({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const [{ error, fetching }, change] = useMutation(ChangePasswordDocument);
  const [isDifferent, setDifferent] = useState(false);
  const { byField, general } = formErrors(error, ['currentPassword', 'newPassword']);
  const errors = {
    general,
    byField: isDifferent ? { repeated: 'Must be the same as the new password.' } : byField,
  };
  const submit = async (data: FormData) => {
    const newPassword = textOf(data, 'newPassword');
    const isOther = newPassword !== textOf(data, 'repeated');
    setDifferent(isOther);
    if (isOther) return;
    const currentPassword = textOf(data, 'currentPassword');
    const result = await change({ input: { currentPassword, newPassword } });
    if (result.data) onDone();
  };
  return (
    <FormDialog
      title="Change your password"
      action="Change password"
      errors={errors}
      isBusy={fetching}
      onSubmit={submit}
      onClose={onClose}
    >
      {FIELDS.map(({ name, label, autoComplete }) => (
        <FormField key={name} label={label} error={errors.byField[name]}>
          {(input) => (
            <input
              {...input}
              type="password"
              name={name}
              autoComplete={autoComplete}
              autoFocus={name === 'currentPassword'}
            />
          )}
        </FormField>
      ))}
      <p className="small quiet">It signs you out in every other browser.</p>
    </FormDialog>
  );
}
