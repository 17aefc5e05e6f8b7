import { useRef, useState } from 'react';
import type { Answer } from './answer.js';
import { EMPTY_DRAFT, parametersOf, type Draft } from './draft.js';
import { sendFile, type Progress } from './send-file.js';

/** The file, what is chosen, and what the server says of both. */
export function useImporter() {
  const [file, setFile] = useState<File>();
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [answer, setAnswer] = useState<Answer>();
  /** what the answer is of */
  const [answered, setAnswered] = useState('');
  const [progress, setProgress] = useState<Progress & { readonly isLoading: boolean }>();
  const run = useRef(0);

  const send = async (sent: File, chosen: Draft, isLoading: boolean) => {
    const current = ++run.current;
    const parameters = parametersOf(chosen);
    const key = parameters.toString();
    parameters.set('file_name', sent.name);
    if (!isLoading) parameters.set('dry_run', 'true');
    const report = (reached: Progress) => {
      if (current === run.current) setProgress({ ...reached, isLoading });
    };
    report({ sent: 0, rows: 0 });
    const received = await sendFile(sent, parameters, report);
    if (current !== run.current) return;
    setProgress(undefined);
    setAnswer(received);
    setAnswered(key);
  };

  return {
    file,
    draft,
    answer,
    progress,
    /** whether something was changed since the answer */
    isOutdated: answer !== undefined && answered !== parametersOf(draft).toString(),
    choose: (chosen: File) => {
      setFile(chosen);
      setAnswer(undefined);
      void send(chosen, draft, false);
    },
    change: (changed: Partial<Draft>) => setDraft((before) => ({ ...before, ...changed })),
    /** Previews the file, with another draft if one is given. */
    preview: (chosen = draft) => {
      setDraft(chosen);
      if (file) void send(file, chosen, false);
    },
    load: () => {
      if (file) void send(file, draft, true);
    },
    /** Makes room for the next file; what is chosen stays. */
    clear: () => {
      run.current++;
      setFile(undefined);
      setAnswer(undefined);
      setProgress(undefined);
    },
  };
}

export type Importer = ReturnType<typeof useImporter>;
