import type { SubmitEvent } from 'react';
import { useMutation } from 'urql';
import { CreateUserDocument, type Role } from '../../../../generated/graphql/graphql.js';
import { Dialog } from '../../components/dialog.js';
import { FormField } from '../../components/form-field.js';
import { formErrors } from '../../form-errors.js';
import { useErrorFocus } from '../../use-error-focus.js';

/** Adds a user with a first password. */
export function UserForm({
  onSaved,
  onClose,
}: {
  onSaved: (username: string) => void;
  onClose: () => void;
}) {
  const [{ error, fetching }, create] = useMutation(CreateUserDocument);
  const errors = formErrors(error, ['username', 'password']);
  const form = useErrorFocus(errors);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string) => (data.get(name) as string | null) ?? '';
    const username = text('username').trim();
    const result = await create({
      input: { username, password: text('password'), role: text('role') as Role },
    });
    if (result.data) onSaved(username);
  };
  return (
    <Dialog title="Add a user" onClose={onClose}>
      <form ref={form} className="stack" onSubmit={submit} noValidate>
        <FormField label="Username" error={errors.byField.username}>
          {(input) => <input {...input} name="username" autoComplete="off" autoFocus />}
        </FormField>
        <FormField
          label="Password"
          hint="Give it to the user by another way than by mail."
          error={errors.byField.password}
        >
          {(input) => (
            <input {...input} type="password" name="password" autoComplete="new-password" />
          )}
        </FormField>
        <FormField label="Role">
          {(input) => (
            <select {...input} name="role" defaultValue="VIEWER">
              <option value="VIEWER">Viewer</option>
              <option value="ADMIN">Administrator</option>
            </select>
          )}
        </FormField>
        {errors.general && (
          <p className="notice bad" role="alert">
            {errors.general}
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={fetching}>
            Add user
          </button>
        </div>
      </form>
    </Dialog>
  );
}
