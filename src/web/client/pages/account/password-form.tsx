import { useState, type SubmitEvent } from 'react';
import { useMutation } from 'urql';
import { ChangePasswordDocument } from '../../../../generated/graphql/graphql.js';
import { Dialog } from '../../components/dialog.js';
import { FormField } from '../../components/form-field.js';
import { formErrors } from '../../form-errors.js';
import { useErrorFocus } from '../../use-error-focus.js';

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
  const form = useErrorFocus(errors);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string) => (data.get(name) as string | null) ?? '';
    const [currentPassword, newPassword] = [text('currentPassword'), text('newPassword')];
    setDifferent(newPassword !== text('repeated'));
    if (newPassword !== text('repeated')) return;
    const result = await change({ input: { currentPassword, newPassword } });
    if (result.data) onDone();
  };
  return (
    <Dialog title="Change your password" onClose={onClose}>
      <form ref={form} className="stack" onSubmit={submit} noValidate>
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
        {general && (
          <p className="notice bad" role="alert">
            {general}
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={fetching}>
            Change password
          </button>
        </div>
      </form>
    </Dialog>
  );
}
