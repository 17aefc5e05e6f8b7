import { useMemo, useState } from 'react';
import { Client, fetchExchange, Provider } from 'urql';
import { ThemeToggle } from '../../layout/theme-toggle.js';
import { csrfToken, endSession } from '../../session.js';
import { sessionCredential, tokenCredential, type Credential } from './credential.js';
import { AuthenticatedExplorer, UnauthenticatedExplorer } from './standalone-states.js';
import { TokenForm } from './token-form.js';
import { serverAddress } from '../../server-address.js';

// sessionStorage ends with the tab, unlike localStorage.
const TOKEN_KEY = 'flowgate_token';

/** The explorer at /graphql, used with the session or with a token. */
export function StandaloneExplorer() {
  const [token, setToken] = useState(() => sessionStorage.getItem(TOKEN_KEY) ?? '');
  const credential = useMemo(() => credentialOf(token), [token]);
  const client = useMemo(() => credential && clientOf(credential), [credential]);
  const change = (to: string) => {
    if (to) sessionStorage.setItem(TOKEN_KEY, to);
    else sessionStorage.removeItem(TOKEN_KEY);
    setToken(to);
  };
  return (
    <>
      <header className="explorer-bar">
        <h1>
          <a href={serverAddress('/app/')}>Flowgate</a> <span className="quiet">GraphQL</span>
        </h1>
        <TokenForm key={token} token={token} onChange={change} />
        <ThemeToggle />
      </header>
      <main className="explorer-standalone">
        {client && credential ? (
          <Provider value={client}>
            <AuthenticatedExplorer key={token} credential={credential} />
          </Provider>
        ) : (
          <UnauthenticatedExplorer />
        )}
      </main>
    </>
  );
}

function credentialOf(token: string): Credential | undefined {
  if (token) return tokenCredential(token);
  return csrfToken() ? sessionCredential(endSession) : undefined;
}

function clientOf({ headers }: Credential): Client {
  return new Client({
    url: serverAddress('/graphql'),
    preferGetMethod: false,
    fetchOptions: () => ({ headers: headers() }),
    exchanges: [fetchExchange],
  });
}
