/** Explains to a viewer why some controls are missing. */
export function ViewerNotice() {
  return (
    <p className="notice">
      You are signed in as a viewer: you see the endpoints and their deliveries. Changing endpoints,
      secrets, tests, redelivery and API tokens need an administrator. Ask an administrator of this
      account.
    </p>
  );
}
