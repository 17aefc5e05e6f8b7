import { useMutation } from 'urql';
import { ConfirmTotpDocument, EnrolTotpDocument } from '../../../../generated/graphql/graphql.js';
import { CopyButton } from '../../components/copy-button.js';
import { CredentialsForm } from './credentials-form.js';
import { QrCode } from './qr-code.js';

const TITLE = 'Set up two-factor authentication';

/** Asks for the password, shows the secret, and asks for a code of it. */
export function TotpEnrolment({
  onDone,
  onClose,
}: {
  onDone: (recoveryCodes: readonly string[]) => void;
  onClose: () => void;
}) {
  const [{ data, error, fetching }, enrol] = useMutation(EnrolTotpDocument);
  const [confirmed, confirm] = useMutation(ConfirmTotpDocument);
  if (!data) {
    return (
      <CredentialsForm
        title={TITLE}
        action="Continue"
        fields={['currentPassword']}
        error={error}
        isBusy={fetching}
        onSubmit={({ currentPassword }) => void enrol({ currentPassword })}
        onClose={onClose}
      >
        <p>You need an authenticator app, on a phone or in a password manager.</p>
      </CredentialsForm>
    );
  }
  const { secret, uri } = data.enrolTotp;
  return (
    <CredentialsForm
      key="code"
      title={TITLE}
      action="Turn on"
      fields={['code']}
      error={confirmed.error}
      isBusy={confirmed.fetching}
      onSubmit={async ({ code }) => {
        const result = await confirm({ code });
        if (result.data) onDone(result.data.confirmTotp);
      }}
      onClose={onClose}
    >
      <p>Scan this with the app, or type the secret in. Then enter the code that it shows.</p>
      <QrCode text={uri} label="QR code of the secret" />
      <div className="row">
        <code className="secret-value" data-testid="totp-secret">
          {secret}
        </code>
        <CopyButton what="the secret" text={() => secret} />
      </div>
    </CredentialsForm>
  );
}
