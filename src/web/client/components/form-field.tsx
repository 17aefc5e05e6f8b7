import './form-field.css';
import { useId, type ReactNode } from 'react';

export interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** what the server found wrong */
  readonly fault?: string | undefined;
}

/** What an input needs to be tied to its hint and its fault. */
export interface FieldInput {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

/** One input with its label, and what is wrong with it beside it. */
export function FormField({
  label,
  hint,
  fault,
  children,
}: FieldProps & { children: (input: FieldInput) => ReactNode }) {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-notes`, 'aria-invalid': fault !== undefined })}
      <Notes id={`${id}-notes`} hint={hint} fault={fault} />
    </div>
  );
}

/** Several inputs that answer one question. */
export function FieldGroup({ label, hint, fault, children }: FieldProps & { children: ReactNode }) {
  const id = useId();
  return (
    <fieldset
      className={fault === undefined ? 'form-field' : 'form-field faulty'}
      aria-describedby={id}
    >
      <legend>{label}</legend>
      {children}
      <Notes id={id} hint={hint} fault={fault} />
    </fieldset>
  );
}

function Notes({ id, hint, fault }: Omit<FieldProps, 'label'> & { id: string }) {
  return (
    <div id={id}>
      {fault !== undefined && <p className="field-fault">{fault}</p>}
      {hint !== undefined && <p className="field-hint">{hint}</p>}
    </div>
  );
}
