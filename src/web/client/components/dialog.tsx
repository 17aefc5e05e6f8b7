import './dialog.css';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';

/** A modal dialog. The Escape key closes it unless it must be answered. */
export function Dialog({
  title,
  onClose,
  mustAnswer = false,
  children,
}: {
  title: ReactNode;
  onClose: () => void;
  mustAnswer?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // Found while rendering: once the dialog is in the page, an autofocused field has the focus.
  const [opener] = useState(findOpener);
  useEffect(() => {
    const shown = dialog.current;
    if (shown && opener) openers.set(shown, opener);
    shown?.showModal();
    return () => {
      shown?.close();
      // React removes the dialog together with its state, so it cannot return the focus by itself.
      focusOpener(opener);
    };
  }, [opener]);
  return (
    <dialog
      ref={dialog}
      className="dialog stack"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!mustAnswer) onClose();
      }}
      onClose={() => {
        // Browsers close it at a second Escape, even if the first one was cancelled.
        if (dialog.current?.open) return;
        if (mustAnswer) dialog.current?.showModal();
        else onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

/** What opened each dialog, also of those that are closed. */
const openers = new WeakMap<Element, Element>();

/** What has the focus; of a dialog that replaces another one, what had opened that. */
function findOpener(): Element | undefined {
  const active = document.activeElement;
  if (active && active !== document.body) return active;
  const replaced = [...document.querySelectorAll('dialog[open]')].at(-1);
  return replaced && openers.get(replaced);
}

/** Focuses the opener or, if that was inside a dialog that is gone, what had opened that dialog. */
function focusOpener(opener: Element | undefined): void {
  if (!opener) return;
  if (opener.isConnected) {
    if (opener instanceof HTMLElement) opener.focus();
    return;
  }
  const dialog = opener.closest('dialog');
  if (dialog) focusOpener(openers.get(dialog));
}
