/** Says what to do first. */
export function EmptyAccount() {
  return (
    <div className="card stack">
      <h2>There are no sensors yet</h2>
      <p>
        Administrators add sensors here. Operators create them on the command line, or import a file
        of readings that names them:
      </p>
      <pre className="scroll" tabIndex={0}>
        <code>{`npx flowgate sensor create "Well 1" --account NAME
npx flowgate import readings.csv --account NAME --create-sensors`}</code>
      </pre>
    </div>
  );
}
