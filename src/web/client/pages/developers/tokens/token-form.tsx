import { useState, type SubmitEvent } from 'react';
import { useMutation } from 'urql';
import { CreateApiTokenDocument, type Scope } from '../../../../../generated/graphql/graphql.js';
import { Dialog } from '../../../components/dialog.js';
import { FieldGroup, FormField } from '../../../components/form-field.js';
import { formErrors } from '../../../form-errors.js';
import { localInput } from '../../../format.js';
import { useErrorFocus } from '../../../use-error-focus.js';
import { NewToken } from './new-token.js';
import { SCOPES } from './scopes.js';

const DAY_MS = 86_400_000;
const EXPIRIES = [
  { days: 30, name: 'In 30 days' },
  { days: 90, name: 'In 90 days' },
  { days: 365, name: 'In a year' },
];

/** Makes a token, and shows its key the once. */
export function TokenForm({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
  const [expiry, setExpiry] = useState('90');
  const [{ data, error, fetching }, create] = useMutation(CreateApiTokenDocument);
  const errors = formErrors(error, ['name', 'scopes', 'expiresAt']);
  const form = useErrorFocus(errors);

  const make = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const name = data.get('name');
    const result = await create({
      input: {
        name: typeof name === 'string' ? name.trim() : '',
        scopes: data.getAll('scopes') as Scope[],
        expiresAt: expiresAt(expiry, data.get('expiresAt')),
      },
    });
    if (result.data) onMade();
  };

  if (data) return <NewToken token={data.createApiToken} onClose={onClose} />;
  return (
    <Dialog title="Make an API token" onClose={onClose}>
      <form ref={form} className="stack" onSubmit={make} noValidate>
        <FormField
          label="Name"
          hint="Which program it is for. Corrections that it makes are kept under this name."
          fault={errors.byField.name}
        >
          {(input) => <input {...input} name="name" autoComplete="off" autoFocus />}
        </FormField>
        <FieldGroup label="What it may do" fault={errors.byField.scopes}>
          {SCOPES.map(({ scope, name, says }) => (
            <label key={scope} className="choice">
              <input
                type="checkbox"
                name="scopes"
                value={scope}
                defaultChecked={scope === 'READ'}
              />
              <span>
                {name} <span className="quiet">– {says}</span>
              </span>
            </label>
          ))}
        </FieldGroup>
        <FormField label="Expires" fault={expiry === 'at' ? undefined : errors.byField.expiresAt}>
          {(input) => (
            <select {...input} value={expiry} onChange={(event) => setExpiry(event.target.value)}>
              {EXPIRIES.map(({ days, name }) => (
                <option key={days} value={days}>
                  {name}
                </option>
              ))}
              <option value="at">At a time of your own</option>
              <option value="never">Never</option>
            </select>
          )}
        </FormField>
        {expiry === 'at' && (
          <FormField label="Expires at" hint="In your time zone." fault={errors.byField.expiresAt}>
            {(input) => (
              <input
                {...input}
                name="expiresAt"
                type="datetime-local"
                defaultValue={localInput(new Date(Date.now() + 7 * DAY_MS)).slice(0, 16)}
              />
            )}
          </FormField>
        )}
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
            Make the token
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** ISO 8601; null: never. */
function expiresAt(expiry: string, chosen: FormDataEntryValue | null): string | null {
  if (expiry === 'never') return null;
  if (expiry !== 'at') return new Date(Date.now() + Number(expiry) * DAY_MS).toISOString();
  const at = new Date(typeof chosen === 'string' ? chosen : '');
  // The server says what is wrong with a time that is none.
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
