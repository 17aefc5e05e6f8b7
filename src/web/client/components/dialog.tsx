import './dialog.css';
import { useEffect, useId, useRef, type ReactNode } from 'react';

/** A modal dialog. The Escape key closes it unless it must be answered. */
export function Dialog({
  title,
  onClose,
  mustAnswer = false,
  children,
}: {
  title: string;
  onClose: () => void;
  mustAnswer?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    const opener = document.activeElement;
    shown?.showModal();
    return () => {
      shown?.close();
      // Taken out of the page with its state, it cannot give the focus back by itself.
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog stack"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!mustAnswer) onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
