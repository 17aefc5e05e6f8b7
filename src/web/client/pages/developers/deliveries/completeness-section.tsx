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

/** Proves that a receiver has everything: numbers without gaps, compared with the last one that it has. */
export function CompletenessSection({
  endpoint: { id },
  revision,
}: {
  endpoint: EndpointPartsFragment;
  revision: number;
}) {
  const [{ data, error }, ask] = useQuery({ query: WebhookNumberingDocument, variables: { id } });
  useEffect(() => {
    if (revision > 0) ask();
  }, [revision]);
  const [text, setText] = useState('');
  const [after, setAfter] = useState<number>();
  const [fault, setFault] = useState<string>();
  const numbering = data?.webhookEndpoint?.events;

  const check = (event: SubmitEvent) => {
    event.preventDefault();
    const number = Number(text.replaceAll(/[\s,.']/g, '') || '0');
    const isSound = Number.isSafeInteger(number) && number >= 0;
    setFault(isSound ? undefined : `Must be a whole number from 0; got ${text}.`);
    setAfter(isSound ? number : undefined);
  };

  return (
    <section className="card stack" aria-labelledby="completeness-heading">
      <h2 id="completeness-heading">Completeness</h2>
      <p>
        Each event carries its number in <code>FC-Sequence</code>, from 1 without gaps. A receiver
        that has every number up to the last one has everything.
      </p>
      {error && <Failure what="The numbers" error={error} retry={() => ask()} />}
      {numbering && (
        <dl className="figures">
          <Figure name="Last number sent" value={quantity(numbering.lastSequence)} />
          <Figure
            name="Waiting for a number"
            value={quantity(numbering.unnumbered)}
            tone={numbering.unnumbered > 0 ? 'warning' : ''}
          />
        </dl>
      )}
      <form className="row completeness-form" onSubmit={check} noValidate>
        <FormField label="The last number that your receiver has without a gap" fault={fault}>
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
