import { useState } from 'react';
import type { Picture } from '../charts/picture.js';
import { savePicture, type PictureFormat } from '../save-picture.js';

/** Saves a plot as a picture; both formats say what it shows. */
export function SavePictureButtons({
  what,
  picture,
}: {
  /** the plot, for screen readers */
  what: string;
  /** undefined while there is nothing to save */
  picture: (() => Picture) | undefined;
}) {
  const [hasFailed, setFailed] = useState(false);
  const save = (format: PictureFormat) => {
    if (!picture) return;
    savePicture(picture(), format).then(
      () => setFailed(false),
      () => setFailed(true),
    );
  };
  return (
    <div className="row export">
      <div className="segmented" role="group" aria-label={`Save ${what} as a picture`}>
        {(['svg', 'png'] as const).map((format) => (
          <button
            key={format}
            type="button"
            disabled={!picture}
            aria-label={`Save ${what} as ${format.toUpperCase()}`}
            onClick={() => save(format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </div>
      {hasFailed && (
        <p className="small bad" role="alert">
          The picture could not be made.
        </p>
      )}
    </div>
  );
}
