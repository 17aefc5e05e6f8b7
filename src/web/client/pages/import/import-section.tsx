import { useEffect, useRef } from 'react';
import { quantity } from '../../format.js';
import { FilePicker } from './file-picker.js';
import { Outcome } from './outcome.js';
import { PastImports } from './past-imports.js';
import { Preview } from './preview.js';
import { Refused } from './refused.js';
import { SettingsForm } from './settings-form.js';
import { useImporter, type Importer } from './use-importer.js';

/** A file on its way: chosen, previewed, loaded. */
export function ImportSection() {
  const importer = useImporter();
  const { file, answer, progress, isOutdated } = importer;
  const isLoaded = answer?.kind === 'result' && !answer.result.dry_run;
  if (isLoaded && file) {
    return <Outcome fileName={file.name} result={answer.result} onNext={importer.clear} />;
  }
  return (
    <>
      <FilePicker file={file} onChoose={importer.choose} isBusy={progress?.isLoading ?? false} />
      {file ? <SettingsForm importer={importer} /> : <PastImports />}
      <Progress importer={importer} />
      {answer && !progress && (
        <AnswerRegion key={JSON.stringify(answer)} isOutdated={isOutdated}>
          {answer.kind === 'refusal' && <Refused importer={importer} refusal={answer.refusal} />}
          {answer.kind === 'result' && <Preview importer={importer} result={answer.result} />}
          {answer.kind === 'failure' && (
            <p className="notice bad" role="alert">
              {answer.message}
            </p>
          )}
          {answer.kind === 'wrong-settings' && (
            <p className="notice bad" role="alert">
              An option is wrong; see above. Nothing was loaded.
            </p>
          )}
        </AnswerRegion>
      )}
    </>
  );
}

/** Takes the focus when it appears, so that the keyboard and screen readers go on there. */
function AnswerRegion({
  isOutdated,
  children,
}: {
  isOutdated: boolean;
  children: React.ReactNode;
}) {
  const region = useRef<HTMLElement>(null);
  useEffect(() => region.current?.focus({ preventScroll: false }), []);
  return (
    <section ref={region} tabIndex={-1} className="stack" aria-label="Preview">
      {isOutdated && (
        <p className="notice warning" role="status">
          Options were changed since. Preview again.
        </p>
      )}
      <div className={isOutdated ? 'stack outdated' : 'stack'}>{children}</div>
    </section>
  );
}

function Progress({ importer: { progress } }: { importer: Importer }) {
  const text =
    progress &&
    (progress.sent < 1
      ? 'Sending the file'
      : `${progress.isLoading ? 'Loading' : 'Reading'}${progress.rows > 0 ? `: ${quantity(progress.rows)} rows` : ''}`);
  return (
    <div role="status" className="import-progress">
      {progress && (
        <>
          <p>{text}</p>
          <progress
            aria-label="Progress"
            {...(progress.sent < 1 && { value: progress.sent, max: 1 })}
          />
        </>
      )}
    </div>
  );
}
