/** Puts text on the clipboard. Browsers have the clipboard only for pages over TLS or of this machine; elsewhere it is selected and copied. */
export async function copyText(text: string, beside: HTMLElement): Promise<boolean> {
  // The type says that it is always there.
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
  // Within the same dialog, outside of which nothing can be selected.
  beside.after(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else works without TLS
  const isCopied = document.execCommand('copy');
  area.remove();
  beside.focus();
  return isCopied;
}
