import { FormField } from '../../components/form-field.js';

/** Chooses the role of a new user. */
export function RoleField() {
  return (
    <FormField label="Role">
      {(input) => (
        <select {...input} name="role" defaultValue="VIEWER">
          <option value="VIEWER">Viewer</option>
          <option value="ADMIN">Administrator</option>
        </select>
      )}
    </FormField>
  );
}
