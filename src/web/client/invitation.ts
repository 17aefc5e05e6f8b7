/*
 * The code is in the fragment of the link, which a browser sends to no server, so that it is in no
 * log and no referrer. Without scripts it is pasted into the form.
 */
const input = document.querySelector<HTMLInputElement>('#code[name="code"]');
const code = window.location.hash.slice(1);
if (input?.form && code) {
  input.value = code;
  window.history.replaceState(null, '', window.location.pathname);
  input.form.requestSubmit();
}
