import { useEffect, useState, type SubmitEvent } from 'react';
import { useQuery } from 'urql';
import {
  WebhookNumberingDocument,
  type EndpointPartsFragment,
} from '../../../../../generated/graphql/graphql.js';
import { Figure } from '../../../components/figure.js';
import { Failure } from '../../../components/failure.js';
import { FormField } from '../../../components/form-field.js';
import { quantity } from '../../../format.js';
import { CompletenessCheck } from './completeness-check.js';

/** Shows whether a receiver has everything, by comparing its last event number with the log. */
export function CompletenessSection({
  endpoint: { id },
  revision,
}: {
  endpoint: EndpointPartsFragment;
  revision: number;
}) {
  const [{ data, error }, reload] = useQuery({
    query: WebhookNumberingDocument,
    variables: { id },
  });
  useEffect(() => {
    if (revision > 0) reload();
  }, [revision]);
  const [text, setText] = useState('');
  const [after, setAfter] = useState<number>();
  const [inputError, setInputError] = useState<string>();
  const numbering = data?.webhookEndpoint?.events;

  const check = (event: SubmitEvent) => {
    event.preventDefault();
    const number = Number(text.replaceAll(/[\s,.']/g, '') || '0');
    const isValid = Number.isSafeInteger(number) && number >= 0;
    setInputError(isValid ? undefined : `Must be a whole number from 0; got ${text}.`);
    setAfter(isValid ? number : undefined);
  };

  return (
    <section className="card stack" aria-labelledby="completeness-heading">
      <h2 id="completeness-heading">Completeness</h2>
      <p>
        Each event carries its number in <code>FC-Sequence</code>, starting at 1, without gaps. A
        receiver that has every number up to the last one has missed nothing.
      </p>
      {error && <Failure what="The numbers" error={error} retry={() => reload()} />}
      {numbering && (
        <dl className="figures">
          <Figure name="Last event number" value={quantity(numbering.lastSequence)} />
          <Figure
            name="Not yet numbered"
            value={quantity(numbering.unnumbered)}
            tone={numbering.unnumbered > 0 ? 'warning' : ''}
          />
        </dl>
      )}
      <form className="row completeness-form" onSubmit={check} noValidate>
        <FormField
          label="Last number your receiver has, with none missing before it"
          error={inputError}
        >
          {(input) => (
            <div className="row">
              <input
                {...input}
                inputMode="numeric"
                placeholder="0"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
              <button type="submit">Check</button>
            </div>
          )}
        </FormField>
      </form>
      {after !== undefined && (
        <CompletenessCheck key={after} id={id} after={after} onContinue={setAfter} />
      )}
    </section>
  );
}
