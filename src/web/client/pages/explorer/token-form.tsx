import { useState } from 'react';

/** Takes a token to use instead of the session. */
export function TokenForm({
  token,
  onChange,
}: {
  token: string;
  onChange: (token: string) => void;
}) {
  const [text, setText] = useState(token);
  return (
    <form
      className="row token-form"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(text.trim());
      }}
    >
      <input
        type="password"
        name="token"
        aria-label="API token"
        placeholder="API token"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit">Use token</button>
      {token && (
        <button type="button" onClick={() => onChange('')}>
          Forget it
        </button>
      )}
    </form>
  );
}
