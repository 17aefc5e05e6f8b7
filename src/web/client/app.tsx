import { Provider } from 'urql';
import { Route, Router, Switch, useLocation } from 'wouter';
import { ErrorBoundary } from './components/error-boundary.js';
import { lazyPage } from './components/lazy-page.js';
import { client } from './graphql-client.js';
import { Layout } from './layout/layout.js';
import { NotFoundPage } from './pages/not-found/page.js';
import { serverAddress } from './server-address.js';

const OverviewPage = lazyPage(() => import('./pages/overview/page.js'));
const SensorPage = lazyPage(() => import('./pages/sensor/page.js'));
const VolumesPage = lazyPage(() => import('./pages/volumes/page.js'));
const GroupsPage = lazyPage(() => import('./pages/groups/page.js'));
const PeriodsPage = lazyPage(() => import('./pages/periods/page.js'));
const StatementsPage = lazyPage(() => import('./pages/statements/page.js'));
const ComparePage = lazyPage(() => import('./pages/compare/page.js'));
const LogPage = lazyPage(() => import('./pages/log/page.js'));
const FlagsPage = lazyPage(() => import('./pages/flags/page.js'));
const DevelopersPage = lazyPage(() => import('./pages/developers/page.js'));
const EndpointPage = lazyPage(() => import('./pages/developers/endpoint-page.js'));
const AccountPage = lazyPage(() => import('./pages/account/page.js'));
const SystemPage = lazyPage(() => import('./pages/system/page.js'));
const ImportPage = lazyPage(() => import('./pages/import/page.js'));
const UsersPage = lazyPage(() => import('./pages/users/page.js'));
const ExplorerPage = lazyPage(() => import('./pages/explorer/page.js'));
const ReferencePage = lazyPage(() => import('./pages/reference/page.js'));

/**
 * The React app, built by vite. Each page is its own chunk. src/web/server/shell.ts serves the
 * document and knows the same paths.
 */
export function App() {
  return (
    <Provider value={client}>
      <Router base={serverAddress('/app')}>
        <Layout>
          <Pages />
        </Layout>
      </Router>
    </Provider>
  );
}

function Pages() {
  const [location] = useLocation();
  return (
    <ErrorBoundary location={location}>
      <Switch>
        <Route path="/" component={OverviewPage} />
        <Route path="/sensors/:id">{({ id }) => <SensorPage key={id} id={id} />}</Route>
        <Route path="/volumes" component={VolumesPage} />
        <Route path="/groups" component={GroupsPage} />
        <Route path="/periods" component={PeriodsPage} />
        <Route path="/statements" component={StatementsPage} />
        <Route path="/compare/:sensors?/:before?">
          {({ sensors, before }) => <ComparePage sensors={sensors} before={before} />}
        </Route>
        <Route path="/log" component={LogPage} />
        <Route path="/flags" component={FlagsPage} />
        <Route path="/developers" component={DevelopersPage} />
        <Route path="/developers/endpoints/:id">
          {({ id }) => <EndpointPage key={id} id={id} />}
        </Route>
        <Route path="/account" component={AccountPage} />
        <Route path="/system" component={SystemPage} />
        <Route path="/import" component={ImportPage} />
        <Route path="/users" component={UsersPage} />
        <Route path="/explorer" component={ExplorerPage} />
        <Route path="/reference/:api?">{({ api }) => <ReferencePage api={api} />}</Route>
        <Route component={NotFoundPage} />
      </Switch>
    </ErrorBoundary>
  );
}
