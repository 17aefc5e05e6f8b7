import { useMutation } from 'urql';
import { CreateUserDocument, type Role } from '../../../../generated/graphql/graphql.js';
import { FormDialog, textOf } from '../../components/form-dialog.js';
import { FormField } from '../../components/form-field.js';
import { formErrors } from '../../form-errors.js';
import { RoleField } from './role-field.js';

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
  const submit = async (data: FormData) => {
    const username = textOf(data, 'username').trim();
    const input = { username, password: textOf(data, 'password') };
    const result = await create({ input: { ...input, role: textOf(data, 'role') as Role } });
    if (result.data) onSaved(username);
  };
  return (
    <FormDialog
      title="Add a user"
      action="Add user"
      errors={errors}
      isBusy={fetching}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormField label="Username" error={errors.byField.username}>
        {(input) => <input {...input} name="username" autoComplete="off" autoFocus />}
      </FormField>
      <FormField
        label="Password"
        hint="Give it to the user by another way than by mail. A user who is invited chooses it alone."
        error={errors.byField.password}
      >
        {(input) => (
          <input {...input} type="password" name="password" autoComplete="new-password" />
        )}
      </FormField>
      <RoleField />
    </FormDialog>
  );
}
