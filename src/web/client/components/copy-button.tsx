import { useEffect, useRef, useState } from 'react';
import { copyText } from '../copy-text.js';

const SHOWN_MS = 3000;

const SAID = { copied: 'Copied', failed: 'Not copied: select it and copy by hand' } as const;

/** @param text undefined where it could not be had */
export function CopyButton({
  label = 'Copy',
  what,
  text,
}: {
  label?: string;
  what: string;
  text: () => string | Promise<string | undefined>;
}) {
  const button = useRef<HTMLButtonElement>(null);
  const [said, setSaid] = useState<keyof typeof SAID>();
  useEffect(() => {
    if (!said) return;
    const timer = window.setTimeout(() => setSaid(undefined), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    const copied = await text();
    if (copied === undefined || !button.current) return;
    setSaid((await copyText(copied, button.current)) ? 'copied' : 'failed');
  };
  return (
    <>
      <button ref={button} type="button" aria-label={`${label} ${what}`} onClick={copy}>
        {said === 'copied' ? SAID.copied : label}
      </button>
      <span className={said === 'failed' ? 'small' : 'visually-hidden'} role="status">
        {said && SAID[said]}
      </span>
    </>
  );
}
