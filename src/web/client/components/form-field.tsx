import './form-field.css';
import { useId, type ReactNode } from 'react';

export interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** the server's message about this field */
  readonly error?: string | undefined;
}

/** The attributes that tie an input to its hint and its error. */
export interface FieldInput {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

/** One input with its label, its hint and its error. */
export function FormField({
  label,
  hint,
  error,
  children,
}: FieldProps & { children: (input: FieldInput) => ReactNode }) {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-notes`, 'aria-invalid': error !== undefined })}
      <Notes id={`${id}-notes`} hint={hint} error={error} />
    </div>
  );
}

/** Several inputs that together answer one question. */
export function FieldGroup({ label, hint, error, children }: FieldProps & { children: ReactNode }) {
  const id = useId();
  return (
    <fieldset
      className={error === undefined ? 'form-field' : 'form-field invalid'}
      aria-describedby={id}
    >
      <legend>{label}</legend>
      {children}
      <Notes id={id} hint={hint} error={error} />
    </fieldset>
  );
}

function Notes({ id, hint, error }: Omit<FieldProps, 'label'> & { id: string }) {
  return (
    <div id={id}>
      {error !== undefined && <p className="field-error">{error}</p>}
      {hint !== undefined && <p className="field-hint">{hint}</p>}
    </div>
  );
}
