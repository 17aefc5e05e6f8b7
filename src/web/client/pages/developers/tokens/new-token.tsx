import type { CreateApiTokenMutation } from '../../../../../generated/graphql/graphql.js';
import { SecretDialog } from '../../../components/secret-dialog.js';

/** The only time that a key is shown. */
export function NewToken({
  token: { name, key },
  onClose,
}: {
  token: CreateApiTokenMutation['createApiToken'];
  onClose: () => void;
}) {
  return (
    <SecretDialog
      title={
        <>
          The key of “<bdi>{name}</bdi>”
        </>
      }
      what="the key"
      secret={key}
      testId="new-key"
      onClose={onClose}
    >
      <p>Copy it now: Flowgate stores only its hash and cannot show it again.</p>
    </SecretDialog>
  );
}
