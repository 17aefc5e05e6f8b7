import type { SubmitEvent } from 'react';
import { useErrorFocus } from '../../use-error-focus.js';
import { ReasonFields } from '../sensor/readings/reason-fields.js';
import type { UnderstoodFile } from './answer.js';
import { ColumnFields } from './column-fields.js';
import { Choice } from './fields.js';
import { EMPTY_DRAFT } from './draft.js';
import { FormatFields } from './format-fields.js';
import { Profiles } from './profiles.js';
import type { Importer } from './use-importer.js';

/** How the file is written, and what is done with it. */
export function SettingsForm({ importer }: { importer: Importer }) {
  const { draft, change, preview, answer, progress, isOutdated } = importer;
  const messages = answer?.kind === 'wrong-settings' && !isOutdated ? answer.messages : {};
  const form = useErrorFocus({ byField: messages, general: undefined });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    preview();
  };
  return (
    <div className="card stack">
      <Profiles draft={draft} onChoose={preview} />
      <form ref={form} className="stack" onSubmit={submit} noValidate>
        <details open={answer?.kind === 'refusal' || Object.keys(messages).length > 0}>
          <summary>How the file is written</summary>
          <div className="stack import-details">
            <ColumnFields draft={draft} header={fileOf(importer)?.header ?? []} onChange={change} />
            <FormatFields draft={draft} messages={messages} onChange={change} />
          </div>
        </details>
        <Choice
          label="Create the sensors that the account does not have"
          field="createSensors"
          {...{ draft, change }}
        />
        <Choice
          label="Correct readings that are stored with another flowrate"
          field="overwrite"
          {...{ draft, change }}
        />
        {draft.overwrite && (
          <ReasonFields value={draft.reason} onChange={(reason) => change({ reason })} />
        )}
        <div className="row">
          <button
            type="submit"
            className={isOutdated ? 'primary' : ''}
            disabled={Boolean(progress)}
          >
            Preview
          </button>
          {draft !== EMPTY_DRAFT && (
            <button type="button" disabled={Boolean(progress)} onClick={() => preview(EMPTY_DRAFT)}>
              Reset options
            </button>
          )}
        </div>
      </form>
    </div>
  );
}

/** The file as it was last understood. */
function fileOf({ answer }: Importer): UnderstoodFile | undefined {
  if (answer?.kind === 'result') return answer.result;
  return answer?.kind === 'refusal' ? answer.refusal.file : undefined;
}
