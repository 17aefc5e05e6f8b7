import { lazy, Suspense } from 'react';
import { Provider } from 'urql';
import { Route, Router, Switch } from 'wouter';
import { ErrorBoundary } from './components/error-boundary.js';
import { Loading } from './components/loading.js';
import { client } from './graphql-client.js';
import { Layout } from './layout/layout.js';
import { NotFoundPage } from './pages/not-found/page.js';

const OverviewPage = lazy(() => import('./pages/overview/page.js'));
const SensorPage = lazy(() => import('./pages/sensor/page.js'));
const DevelopersPage = lazy(() => import('./pages/developers/page.js'));
const EndpointPage = lazy(() => import('./pages/developers/endpoint-page.js'));
const ExplorerPage = lazy(() => import('./pages/explorer/page.js'));
const ReferencePage = lazy(() => import('./pages/reference/page.js'));

/**
 * The React app, built by vite. Each page is its own chunk. src/web/server/shell.ts serves the
 * document and knows the same paths.
 */
export function App() {
  return (
    <Provider value={client}>
      <Router base="/app">
        <Layout>
          <ErrorBoundary>
            <Suspense fallback={<Loading what="the page" />}>
              <Switch>
                <Route path="/" component={OverviewPage} />
                <Route path="/sensors/:id">{({ id }) => <SensorPage key={id} id={id} />}</Route>
                <Route path="/developers" component={DevelopersPage} />
                <Route path="/developers/endpoints/:id">
                  {({ id }) => <EndpointPage key={id} id={id} />}
                </Route>
                <Route path="/explorer" component={ExplorerPage} />
                <Route path="/reference/:api?">{({ api }) => <ReferencePage api={api} />}</Route>
                <Route component={NotFoundPage} />
              </Switch>
            </Suspense>
          </ErrorBoundary>
        </Layout>
      </Router>
    </Provider>
  );
}
