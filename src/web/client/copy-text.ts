/**
 * Copies text. Browsers offer the clipboard only to pages over TLS or of this machine; elsewhere
 * the text is selected and copied.
 */
export async function copyText(text: string, beside: HTMLElement): Promise<boolean> {
  // The type claims that it always exists.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) return copySelected(text, beside);
  return clipboard.writeText(text).then(
    () => true,
    () => copySelected(text, beside),
  );
}

function copySelected(text: string, beside: HTMLElement): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  // Inside the same dialog: nothing outside of a modal dialog can be selected.
  beside.after(area);
  area.select();
  // oxlint-disable-next-line typescript/no-deprecated -- the only way without TLS
  const isCopied = document.execCommand('copy');
  area.remove();
  beside.focus();
  return isCopied;
}
