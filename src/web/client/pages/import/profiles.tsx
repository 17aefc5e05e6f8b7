import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  ImportProfilesDocument,
  SaveImportProfileDocument,
} from '../../../../generated/graphql/graphql.js';
import { FormDialog } from '../../components/form-dialog.js';
import { FormField } from '../../components/form-field.js';
import { formErrors } from '../../form-errors.js';
import { draftOf, settingsOf, type Draft } from './draft.js';

/** The account's profiles: one can be chosen, and what is chosen can be saved as one. */
export function Profiles({ draft, onChoose }: { draft: Draft; onChoose: (draft: Draft) => void }) {
  const [{ data }, reload] = useQuery({ query: ImportProfilesDocument });
  const [chosen, setChosen] = useState('');
  const [isSaving, setSaving] = useState(false);
  const profiles = data?.importProfiles ?? [];
  const choose = (name: string) => {
    setChosen(name);
    const profile = profiles.find((each) => each.name === name);
    if (profile) onChoose(draftOf(profile, draft));
  };
  return (
    <div className="row import-profiles">
      <FormField label="Profile">
        {(input) => (
          <select {...input} value={chosen} onChange={({ target }) => choose(target.value)}>
            <option value="">{profiles.length > 0 ? 'None' : 'None is saved'}</option>
            {profiles.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </FormField>
      <button type="button" onClick={() => setSaving(true)}>
        Save as profile
      </button>
      {isSaving && (
        <SaveDialog
          draft={draft}
          name={chosen}
          onSaved={(name) => {
            setSaving(false);
            setChosen(name);
            reload();
          }}
          onClose={() => setSaving(false)}
        />
      )}
    </div>
  );
}

function SaveDialog({
  draft,
  name: initial,
  onSaved,
  onClose,
}: {
  draft: Draft;
  name: string;
  onSaved: (name: string) => void;
  onClose: () => void;
}) {
  const [{ error, fetching }, save] = useMutation(SaveImportProfileDocument);
  const [name, setName] = useState(initial);
  const errors = formErrors(error, ['name']);
  const submit = async () => {
    const result = await save({ input: { name: name.trim(), settings: settingsOf(draft) } });
    if (result.data) onSaved(name.trim());
  };
  return (
    <FormDialog
      title="Save as profile"
      action="Save"
      errors={errors}
      isBusy={fetching}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormField
        label="Name"
        hint="Keeps how such files are written. A profile of the same name is replaced."
        error={errors.byField.name}
      >
        {(input) => (
          <input
            {...input}
            autoComplete="off"
            autoFocus
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </FormField>
    </FormDialog>
  );
}
