const KEY = 'flowgate.overview';

/** Remembers what of the overview was shown last, for as long as the browser's tab is open. */
export function keepSelection(parameters: URLSearchParams): void {
  try {
    sessionStorage.setItem(KEY, parameters.toString());
  } catch {
    // A browser may be set to keep nothing; then the overview shows all sensors again.
  }
}

/** The overview as it was shown last. */
export function overviewAddress(): string {
  try {
    const kept = sessionStorage.getItem(KEY);
    return kept ? `/?${kept}` : '/';
  } catch {
    return '/';
  }
}
