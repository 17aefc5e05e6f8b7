/** The token that state-changing requests and all GraphQL requests carry beside the cookie. */
export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '';
}

/** Opens the sign-in form, which leads back here. */
export function goToSignIn(): void {
  const { pathname, search, hash } = window.location;
  const next = encodeURIComponent(pathname + search + hash);
  window.location.assign(`/app/login?next=${next}`);
}
