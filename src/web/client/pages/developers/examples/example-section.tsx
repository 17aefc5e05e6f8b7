import { useMemo, useState } from 'react';
import { CodeBlock } from '../../../components/code-block.js';
import { CopyButton } from '../../../components/copy-button.js';
import type { NamedSensor } from '../use-sensor-names.js';
import { LANGUAGES, TOPICS } from './examples.js';

const DAY_MS = 86_400_000;

/** What one pastes to begin with: this server's address, the account's own sensors. */
export function ExampleSection({ sensors }: { sensors: readonly NamedSensor[] | undefined }) {
  const [language, setLanguage] = useState<(typeof LANGUAGES)[number]>(LANGUAGES[0]);
  const [chosen, setChosen] = useState<string>();
  const sensorId = chosen ?? sensors?.[0]?.id ?? '1';
  const examples = useMemo(() => {
    const now = Date.now();
    const today = now - (now % DAY_MS);
    return language.of({
      origin: window.location.origin,
      sensorId,
      start: instant(today - DAY_MS),
      end: instant(today),
      now: instant(now),
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
                  {name} ({id})
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
      {TOPICS.map(({ key, name, says }) => (
        <article key={key} className="card stack example">
          <div className="row spread">
            <h3>
              {name} <span className="quiet small">– {says}</span>
            </h3>
            <CopyButton what={`the example: ${name}`} text={() => examples[key]} />
          </div>
          <CodeBlock name={`${language.name}: ${name}`} text={examples[key]} />
        </article>
      ))}
    </section>
  );
}

function instant(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
