/** What one check of the installation found. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'error';
  readonly message: string;
  /** what to do about it; none where all is well */
  readonly advice?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, state: 'ok', message };
}

export function warning(check: string, message: string, advice: string): Finding {
  return { check, state: 'warning', message, advice };
}

export function error(check: string, message: string, advice: string): Finding {
  return { check, state: 'error', message, advice };
}
