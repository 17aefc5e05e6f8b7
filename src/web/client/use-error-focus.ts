import { useEffect, useRef } from 'react';
import type { Faults } from './form-errors.js';

/** For a form: leads to the first field that the server found wrong. */
export function useFaultFocus(faults: Faults) {
  const form = useRef<HTMLFormElement>(null);
  const key = JSON.stringify(faults.of);
  useEffect(() => {
    form.current
      ?.querySelector<HTMLElement>('[aria-invalid="true"], .faulty input, .faulty button')
      ?.focus();
  }, [key]);
  return form;
}
