import { useMutation } from 'urql';
import { CreateInvitationDocument, type Role } from '../../../../generated/graphql/graphql.js';
import { FormDialog, textOf } from '../../components/form-dialog.js';
import { FormField } from '../../components/form-field.js';
import { Instant } from '../../components/instant.js';
import { SecretDialog } from '../../components/secret-dialog.js';
import { formErrors } from '../../form-errors.js';
import { absoluteAddress } from '../../server-address.js';
import { RoleField } from './role-field.js';

const DAYS = [
  { days: 1, name: 'In a day' },
  { days: 7, name: 'In 7 days' },
  { days: 30, name: 'In 30 days' },
];

/** Invites a person, and shows the link once. */
export function InvitationForm({
  onCreated,
  onClose,
}: {
  onCreated: () => void;
  onClose: () => void;
}) {
  const [{ data: created, error, fetching }, create] = useMutation(CreateInvitationDocument);
  const errors = formErrors(error, ['username', 'days']);
  const submit = async (data: FormData) => {
    const input = {
      role: textOf(data, 'role') as Role,
      username: textOf(data, 'username').trim() || null,
      days: Number(textOf(data, 'days')),
    };
    if ((await create({ input })).data) onCreated();
  };
  if (created) {
    const { code, expiresAt } = created.createInvitation;
    return (
      <SecretDialog
        title="The link of the invitation"
        what="the link"
        secret={`${absoluteAddress('/app/invitation')}#${code}`}
        testId="new-link"
        onClose={onClose}
      >
        <p>
          Send it to the invited person alone: the first one who accepts it becomes the user. It can
          be used once, until <Instant at={expiresAt} />. Flowgate cannot show it again.
        </p>
      </SecretDialog>
    );
  }
  return (
    <FormDialog
      title="Invite a user"
      action="Create link"
      errors={errors}
      isBusy={fetching}
      onSubmit={submit}
      onClose={onClose}
    >
      <RoleField />
      <FormField
        label="Username"
        hint="Optional. The invited person can choose another one, and chooses the password."
        error={errors.byField.username}
      >
        {(input) => <input {...input} name="username" autoComplete="off" autoFocus />}
      </FormField>
      <FormField label="Expires" error={errors.byField.days}>
        {(input) => (
          <select {...input} name="days" defaultValue="7">
            {DAYS.map(({ days, name }) => (
              <option key={days} value={days}>
                {name}
              </option>
            ))}
          </select>
        )}
      </FormField>
    </FormDialog>
  );
}
