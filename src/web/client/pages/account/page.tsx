import { useState } from 'react';
import { useQuery } from 'urql';
import { OwnPasswordDocument } from '../../../../generated/graphql/graphql.js';
import { PageHeading } from '../../components/page-heading.js';
import { useViewer } from '../../use-viewer.js';
import { PasswordForm } from './password-form.js';
import { SessionSection } from './session-section.js';
import { TotpSection } from './totp-section.js';

/** The user’s password, and the browsers in which the user is signed in. */
export default function AccountPage() {
  const { username } = useViewer();
  const [{ data }] = useQuery({ query: OwnPasswordDocument });
  const hasPassword = data?.viewer.hasPassword ?? true;
  const [isChanging, setChanging] = useState(false);
  const [news, setNews] = useState('');
  const [changes, setChanges] = useState(0);
  return (
    <div className="stack">
      <PageHeading title="Password and sessions" />
      {news && (
        <p className="notice" role="status">
          {news}
        </p>
      )}
      <section className="card stack" aria-labelledby="password-heading">
        <h2 id="password-heading">Password</h2>
        <div className="row spread">
          <p className="quiet">
            {hasPassword
              ? 'You sign in as '
              : 'You have no password here: you sign in elsewhere, as '}
            <bdi>{username}</bdi>.
          </p>
          {hasPassword && (
            <button type="button" onClick={() => setChanging(true)}>
              Change password
            </button>
          )}
        </div>
      </section>
      {hasPassword && <TotpSection onNews={setNews} />}
      <SessionSection key={changes} onNews={setNews} />
      {isChanging && (
        <PasswordForm
          onDone={() => {
            setChanging(false);
            setNews('Your password was changed. You are signed out in every other browser.');
            setChanges((count) => count + 1);
          }}
          onClose={() => setChanging(false)}
        />
      )}
    </div>
  );
}
