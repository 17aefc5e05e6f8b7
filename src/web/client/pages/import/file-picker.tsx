import { useState, type DragEvent } from 'react';
import { quantity } from '../../format.js';

/** Takes a file by a dialog or by dropping it. */
export function FilePicker({
  file,
  isBusy,
  onChoose,
}: {
  file: File | undefined;
  isBusy: boolean;
  onChoose: (file: File) => void;
}) {
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped && !isBusy) onChoose(dropped);
  };
  return (
    <div
      className={isOver ? 'card stack file-picker over' : 'card stack file-picker'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label className="stack">
        <span>
          <strong>{file ? 'Another file' : 'Choose a file of readings'}</strong>, or drop it here:
          CSV, also compressed (.gz), or an Excel workbook (.xlsx)
        </span>
        <input
          type="file"
          accept=".csv,.txt,.tsv,.gz,.xlsx,text/csv"
          disabled={isBusy}
          onChange={({ target }) => {
            const [chosen] = target.files ?? [];
            if (chosen) onChoose(chosen);
          }}
          onClick={({ currentTarget }) => {
            // The same file can be chosen again once it was mended.
            currentTarget.value = '';
          }}
        />
      </label>
      {file && (
        <p>
          <strong>
            <bdi>{file.name}</bdi>
          </strong>
          , {size(file.size)}
        </p>
      )}
    </div>
  );
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${quantity(bytes / 1000)} kB` : `${quantity(bytes / 1e6)} MB`;
}
