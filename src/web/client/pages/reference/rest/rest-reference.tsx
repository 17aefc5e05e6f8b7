import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { ExplorerStartDocument } from '../../../../../generated/graphql/graphql.js';
import { Loading } from '../../../components/loading.js';
import { exampleSensor } from '../../../example-sensor.js';
import { loadDocument, type OpenApiDocument } from './document.js';
import { Swagger } from './swagger.js';
import { serverAddress } from '../../../server-address.js';

/** The OpenAPI document that this server serves. */
export default function RestReference() {
  const [document, setDocument] = useState<OpenApiDocument>();
  const [hasFailed, setFailed] = useState(false);
  const [{ data, error }] = useQuery({ query: ExplorerStartDocument });
  const isAsked = data !== undefined || error !== undefined;

  useEffect(() => {
    if (!isAsked || hasFailed) return;
    let isCurrent = true;
    loadDocument(exampleSensor(data)).then(
      (loaded) => {
        if (isCurrent) setDocument(loaded);
      },
      () => setFailed(true),
    );
    return () => {
      isCurrent = false;
    };
  }, [data, isAsked, hasFailed]);

  if (hasFailed) return <NotLoaded retry={() => setFailed(false)} />;
  if (!document) return <Loading what="the reference" />;
  return (
    <>
      <p>
        {document.info.description} The description for code generators is{' '}
        <a href={serverAddress('/api/v1/openapi.json')}>
          <code>{serverAddress('/api/v1/openapi.json')}</code>
        </a>
        .
      </p>
      <p>
        Programs send <code>Authorization: Token KEY</code>, or a username and password as HTTP
        Basic. Requests that you try here run as you, by your session:{' '}
        <strong>a POST records real readings</strong>.
      </p>
      <Swagger document={document} />
    </>
  );
}

function NotLoaded({ retry }: { retry: () => void }) {
  return (
    <div className="notice bad" role="alert">
      <p>
        <strong>The reference could not be loaded.</strong> The server cannot be reached.
      </p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}
