/** Why some of it is not there for who may only read. */
export function ViewerNotice() {
  return (
    <p className="notice">
      You are signed in as a viewer: you see the endpoints and what was sent to them. Changing them,
      their secrets, test sends, redelivery and API tokens are for administrators. Ask one of your
      account to do it, or to make you one.
    </p>
  );
}
