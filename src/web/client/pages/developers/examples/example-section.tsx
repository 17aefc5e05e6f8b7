import { useMemo, useState } from 'react';
import { CodeBlock } from '../../../components/code-block.js';
import { CopyButton } from '../../../components/copy-button.js';
import { isolated } from '../../../isolated.js';
import { isoInstant } from '../../../iso-instant.js';
import type { NamedSensor } from '../../../use-sensor-names.js';
import { LANGUAGES, TOPICS } from './examples.js';
import { absoluteAddress } from '../../../server-address.js';

const DAY_MS = 86_400_000;

/** Code to start from, with this server's address and the account's own sensors. */
export function ExampleSection({ sensors }: { sensors: readonly NamedSensor[] | undefined }) {
  const [language, setLanguage] = useState<(typeof LANGUAGES)[number]>(LANGUAGES[0]);
  const [chosen, setChosen] = useState<string>();
  const sensorId = chosen ?? sensors?.[0]?.id ?? '1';
  const examples = useMemo(() => {
    const now = Date.now();
    const today = now - (now % DAY_MS);
    return language.examples({
      origin: absoluteAddress(''),
      sensorId,
      start: isoInstant(today - DAY_MS),
      end: isoInstant(today),
      now: isoInstant(now),
    });
  }, [language, sensorId]);
  return (
    <section className="stack" aria-labelledby="examples-heading">
      <div className="row spread">
        <h2 id="examples-heading">Examples</h2>
        <div className="row">
          {sensors && sensors.length > 0 && (
            <select
              aria-label="Sensor in the examples"
              className="example-sensor"
              value={sensorId}
              onChange={(event) => setChosen(event.target.value)}
            >
              {sensors.map(({ id, name }) => (
                <option key={id} value={id}>
                  {isolated(name)} ({id})
                </option>
              ))}
            </select>
          )}
          <div className="segmented" role="group" aria-label="Language">
            {LANGUAGES.map((each) => (
              <button
                key={each.key}
                type="button"
                aria-pressed={each === language}
                onClick={() => setLanguage(each)}
              >
                {each.name}
              </button>
            ))}
          </div>
        </div>
      </div>
      {TOPICS.map(({ key, name, description }) => (
        <article key={key} className="card stack example">
          <div className="row spread">
            <h3>
              {name} <span className="quiet small">– {description}</span>
            </h3>
            <CopyButton what={`the example: ${name}`} text={() => examples[key]} />
          </div>
          <CodeBlock name={`${language.name}: ${name}`} text={examples[key]} />
        </article>
      ))}
    </section>
  );
}
