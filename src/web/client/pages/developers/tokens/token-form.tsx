import { useState } from 'react';
import { useMutation } from 'urql';
import { CreateApiTokenDocument, type Scope } from '../../../../../generated/graphql/graphql.js';
import { DateTimeInput } from '../../../components/date-time-input.js';
import { FormDialog, textOf } from '../../../components/form-dialog.js';
import { FieldGroup, FormField } from '../../../components/form-field.js';
import { formErrors } from '../../../form-errors.js';
import { NewToken } from './new-token.js';
import { SCOPES } from './scopes.js';

const DAY_MS = 86_400_000;
const EXPIRIES = [
  { days: 30, name: 'In 30 days' },
  { days: 90, name: 'In 90 days' },
  { days: 365, name: 'In a year' },
];

/** Creates a token, and shows its key once. */
export function TokenForm({ onCreated, onClose }: { onCreated: () => void; onClose: () => void }) {
  const [expiry, setExpiry] = useState('90');
  const [inAWeek] = useState(() => new Date(Date.now() + 7 * DAY_MS));
  const [expiryDate, setExpiryDate] = useState<Date | undefined>(inAWeek);
  const [{ data, error, fetching }, create] = useMutation(CreateApiTokenDocument);
  const errors = formErrors(error, ['name', 'scopes', 'expiresAt']);

  const submit = async (data: FormData) => {
    const result = await create({
      input: {
        name: textOf(data, 'name').trim(),
        scopes: data.getAll('scopes') as Scope[],
        expiresAt: expiresAt(expiry, expiryDate),
      },
    });
    if (result.data) onCreated();
  };

  if (data) return <NewToken token={data.createApiToken} onClose={onClose} />;
  return (
    <FormDialog
      title="Create an API token"
      action="Create token"
      errors={errors}
      isBusy={fetching}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormField
        label="Name"
        hint="The program that will use it. Its corrections are recorded under this name."
        error={errors.byField.name}
      >
        {(input) => <input {...input} name="name" autoComplete="off" autoFocus />}
      </FormField>
      <FieldGroup label="Permissions" error={errors.byField.scopes}>
        {SCOPES.map(({ scope, name, description }) => (
          <label key={scope} className="choice">
            <input type="checkbox" name="scopes" value={scope} defaultChecked={scope === 'READ'} />
            <span>
              {name} <span className="quiet">– {description}</span>
            </span>
          </label>
        ))}
      </FieldGroup>
      <FormField label="Expires" error={expiry === 'at' ? undefined : errors.byField.expiresAt}>
        {(input) => (
          <select {...input} value={expiry} onChange={(event) => setExpiry(event.target.value)}>
            {EXPIRIES.map(({ days, name }) => (
              <option key={days} value={days}>
                {name}
              </option>
            ))}
            <option value="at">On a date I choose</option>
            <option value="never">Never</option>
          </select>
        )}
      </FormField>
      {expiry === 'at' && (
        <FormField label="Expires at" hint="In your time zone." error={errors.byField.expiresAt}>
          {(input) => (
            <DateTimeInput
              input={input}
              label="Expires at"
              defaultValue={inAWeek}
              onChange={setExpiryDate}
            />
          )}
        </FormField>
      )}
    </FormDialog>
  );
}

/** ISO 8601, or null for a token that never expires. */
function expiresAt(expiry: string, chosen: Date | undefined): string | null {
  if (expiry === 'never') return null;
  if (expiry !== 'at') return new Date(Date.now() + Number(expiry) * DAY_MS).toISOString();
  // The server says what is wrong with a time that is not valid.
  return chosen?.toISOString() ?? '';
}
