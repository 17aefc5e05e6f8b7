import { useEffect, useRef, useState } from 'react';
import { copyText } from '../copy-text.js';

const SHOWN_MS = 3000;

const MESSAGES = {
  copied: 'Copied',
  failed: 'Not copied: select it and copy it yourself',
} as const;

/** @param text returns undefined if it cannot be loaded */
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
  const [outcome, setOutcome] = useState<keyof typeof MESSAGES>();
  useEffect(() => {
    if (!outcome) return;
    const timer = window.setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    const copied = await text();
    if (copied === undefined || !button.current) return;
    setOutcome((await copyText(copied, button.current)) ? 'copied' : 'failed');
  };
  return (
    <>
      <button ref={button} type="button" aria-label={`${label} ${what}`} onClick={copy}>
        {outcome === 'copied' ? MESSAGES.copied : label}
      </button>
      <span className={outcome === 'failed' ? 'small' : 'visually-hidden'} role="status">
        {outcome && MESSAGES[outcome]}
      </span>
    </>
  );
}
