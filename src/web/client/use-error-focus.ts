import { useEffect, useRef } from 'react';
import type { FormErrors } from './form-errors.js';

/** For a form: moves the focus to the first field that the server refused. */
export function useErrorFocus({ byField }: FormErrors) {
  const form = useRef<HTMLFormElement>(null);
  const key = JSON.stringify(byField);
  useEffect(() => {
    form.current
      ?.querySelector<HTMLElement>('[aria-invalid="true"], .invalid input, .invalid button')
      ?.focus();
  }, [key]);
  return form;
}
