import './code-block.css';

/** Preformatted text that scrolls, or wraps where line breaks carry no meaning. */
export function CodeBlock({
  name,
  text,
  wraps = false,
}: {
  name: string;
  text: string;
  wraps?: boolean;
}) {
  return (
    <div className={wraps ? 'code-block wraps' : 'code-block'}>
      <pre tabIndex={0} role="region" aria-label={name}>
        <code>{text}</code>
      </pre>
    </div>
  );
}
