/** What the bars' fillings mean. */
export function VolumeLegend() {
  return (
    <ul className="legend small quiet">
      <li>
        <span className="swatch measured" /> measured
      </li>
      <li>
        <span className="swatch interpolated" /> interpolated over outages
      </li>
      <li>
        <span className="swatch missing" /> no readings: before the first one, or overdue
      </li>
    </ul>
  );
}
