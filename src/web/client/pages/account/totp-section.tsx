import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { OwnTotpDocument, RemoveTotpDocument } from '../../../../generated/graphql/graphql.js';
import { Badge } from '../../components/badge.js';
import { Failure } from '../../components/failure.js';
import { Instant } from '../../components/instant.js';
import { Loading } from '../../components/loading.js';
import { CredentialsForm } from './credentials-form.js';
import { RecoveryCodes } from './recovery-codes.js';
import { TotpEnrolment } from './totp-enrolment.js';

/** The one-time passwords that the user’s sign-in asks for. */
export function TotpSection({ onNews }: { onNews: (text: string) => void }) {
  const [{ data, error }, reload] = useQuery({
    query: OwnTotpDocument,
    requestPolicy: 'network-only',
  });
  const [{ error: refused, fetching }, remove] = useMutation(RemoveTotpDocument);
  const [open, setOpen] = useState<'enrolment' | 'removal'>();
  const [codes, setCodes] = useState<readonly string[]>();
  const changed = (news: string) => {
    setOpen(undefined);
    onNews(news);
    reload();
  };
  return (
    <section className="card stack" aria-labelledby="totp-heading">
      <h2 id="totp-heading">Two-factor authentication</h2>
      {error && <Failure what="Your second factor" error={error} retry={() => reload()} />}
      {!data && !error && <Loading what="your second factor" />}
      {data && (
        <div className="row spread">
          {data.totp.confirmedAt ? (
            <>
              <p>
                <Badge tone="good">On</Badge> since <Instant at={data.totp.confirmedAt} />.{' '}
                {data.totp.recoveryCodesLeft} of 10 recovery codes are left.
              </p>
              <button type="button" className="danger" onClick={() => setOpen('removal')}>
                Turn off
              </button>
            </>
          ) : (
            <>
              <p className="quiet">
                A code of an authenticator app, besides your password, whenever you sign in. Scripts
                then need an API token.
              </p>
              <button type="button" onClick={() => setOpen('enrolment')}>
                Set up
              </button>
            </>
          )}
        </div>
      )}
      {open === 'enrolment' && (
        <TotpEnrolment
          onDone={(made) => {
            setCodes(made);
            changed('Two-factor authentication is on.');
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(undefined)} />}
      {open === 'removal' && (
        <CredentialsForm
          title="Turn off two-factor authentication?"
          action="Turn off"
          fields={['currentPassword', 'code']}
          error={refused}
          isBusy={fetching}
          onSubmit={async ({ currentPassword, code }) => {
            const result = await remove({ input: { currentPassword, code } });
            if (result.data) changed('Two-factor authentication is off.');
          }}
          onClose={() => setOpen(undefined)}
        >
          <p>Your password alone is then enough to sign in. The recovery codes end too.</p>
        </CredentialsForm>
      )}
    </section>
  );
}
