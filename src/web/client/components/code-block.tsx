import './code-block.css';

/** Text as it is, which scrolls, or wraps where its lines mean nothing. */
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
