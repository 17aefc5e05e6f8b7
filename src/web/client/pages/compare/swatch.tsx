/** The colour and the dashes of a line that is compared. */
export function Swatch({ index }: { index: number }) {
  return (
    <svg className={`compare-swatch series-${index + 1}`} viewBox="0 0 32 10" aria-hidden="true">
      <line x1="0" y1="5" x2="32" y2="5" />
    </svg>
  );
}
