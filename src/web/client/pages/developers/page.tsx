import './developers.css';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { useViewer } from '../../use-viewer.js';
import { EndpointSection } from './endpoints/endpoint-section.js';
import { ExampleSection } from './examples/example-section.js';
import { TokenSection } from './tokens/token-section.js';
import { useSensorNames } from '../../use-sensor-names.js';
import { ViewerNotice } from './viewer-notice.js';

/** What programs need to work with the account: webhooks, tokens, examples. */
export default function DevelopersPage() {
  const { isAdmin, error, retry } = useViewer();
  const { sensors, ...names } = useSensorNames();
  return (
    <div className="stack developers">
      <PageHeading title="Developers" />
      {error && <Failure what="Your account" error={error} retry={retry} />}
      {names.error && <Failure what="The sensors’ names" error={names.error} retry={names.retry} />}
      {isAdmin === undefined && !error && <Loading what="the page" />}
      {isAdmin === false && <ViewerNotice />}
      {isAdmin !== undefined && (
        <>
          <EndpointSection isAdmin={isAdmin} sensors={sensors} />
          {isAdmin && <TokenSection />}
          <ExampleSection sensors={sensors} />
        </>
      )}
    </div>
  );
}
