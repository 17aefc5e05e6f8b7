import type { StringValueNode } from 'graphql';

/** Text with `code` between backticks. */
export function Description({ of }: { of: StringValueNode | undefined }) {
  if (!of) return null;
  const parts = of.value.split('`');
  return (
    <p className="small quiet">
      {parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
    </p>
  );
}
