import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { readFile } from 'node:fs/promises';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/config.js';
import { renderChart } from '../helpers/helm.js';

const CHART = 'deploy/helm/flowgate';

/** Everything that can be set. */
const ALL = {
  replicas: 3,
  image: { tag: '1.2.3', pullSecrets: ['registry'] },
  settings: { TRUSTED_PROXIES: '10.0.0.0/8', RATE_LIMIT: '60000', BASE_PATH: '/flow' },
  secretSettings: {
    FLOWGATE_OIDC_CLIENT_SECRET: { secretName: 'flowgate-oidc', secretKey: 'secret' },
    FLOWGATE_MQTT_PASSWORD: { secretName: 'flowgate-mqtt', secretKey: 'password' },
  },
  ingress: {
    ...{ enabled: true, className: 'nginx', host: 'flow.acme.example', tlsSecretName: 'tls' },
    annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '32m' },
  },
  podAnnotations: { team: 'pipelines' },
  nodeSelector: { disk: 'ssd' },
  tolerations: [{ key: 'flow', operator: 'Exists' }],
  affinity: { nodeAffinity: {} },
};

const NONE = { metrics: { enabled: false }, podDisruptionBudget: { enabled: false } };

async function valuesWith(given: object): Promise<Record<string, any>> {
  const values = parse(await readFile(`${CHART}/values.yaml`, 'utf8'));
  for (const [name, value] of Object.entries(given)) {
    const isMap = !Array.isArray(value) && typeof value === 'object';
    values[name] = isMap ? { ...values[name], ...value } : value;
  }
  return values;
}

/** The objects by kind and name. */
async function render(given: object): Promise<Record<string, any>> {
  const files = await renderChart(CHART, await valuesWith(given), 'flow');
  const objects: [string, any][] = [];
  for (const [file, text] of files) {
    if (!file.endsWith('.yaml')) continue;
    for (const document of parseAllDocuments(text)) {
      expect([...document.errors, ...document.warnings]).toEqual([]);
      const object = document.toJS();
      if (object) objects.push([`${object.kind} ${object.metadata.name}`, object]);
    }
  }
  return Object.fromEntries(objects);
}

const validator = async () =>
  new Ajv({ strict: false }).compile(
    JSON.parse(await readFile(`${CHART}/values.schema.json`, 'utf8')),
  );

test.each([
  [
    'by default',
    {},
    ['Deployment flow', 'PodDisruptionBudget flow', 'Service flow', 'Service flow-metrics'],
  ],
  [
    'with everything',
    ALL,
    [
      'Deployment flow',
      'Ingress flow',
      'PodDisruptionBudget flow',
      'Service flow',
      'Service flow-metrics',
    ],
  ],
  ['with nothing that can be left out', NONE, ['Deployment flow', 'Service flow']],
])(
  '%s the chart renders objects whose labels, ports and volumes agree',
  async (_, given, kinds) => {
    const objects = await render(given);
    expect(Object.keys(objects).sort()).toEqual(kinds);
    const { spec } = objects['Deployment flow'];
    const { labels } = spec.template.metadata;
    const pod = spec.template.spec;
    const [container] = pod.containers;
    const ports = container.ports.map(({ name }: any) => name);
    const selectors = Object.entries(objects)
      .filter(([name]) => !name.startsWith('Ingress'))
      .map(([, object]) => object.spec.selector.matchLabels ?? object.spec.selector);
    for (const selector of selectors) expect(selector).toEqual(labels);
    for (const name of ['Service flow', 'Service flow-metrics']) {
      for (const port of objects[name]?.spec.ports ?? []) expect(ports).toContain(port.targetPort);
    }
    const mounted = container.volumeMounts.map(({ name }: any) => name);
    expect(mounted).toEqual(pod.volumes.map(({ name }: any) => name));
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001 });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(
      [container.readinessProbe, container.livenessProbe].map(({ httpGet }) => httpGet),
    ).toEqual([
      { path: '/readyz', port: 'http' },
      { path: '/healthz', port: 'http' },
    ]);
  },
);

test('settings are variables of Flowgate, and secrets are files that the pod mounts', async () => {
  const objects = await render(ALL);
  const { spec } = objects['Deployment flow'].spec.template;
  const [container] = spec.containers;
  const variables = container.env.map(({ name, value }: any) => [name, value]);
  const files = variables.filter(([name]: string[]) => name!.endsWith('_FILE'));
  const settings = variables.filter(([name]: string[]) => !name!.endsWith('_FILE'));
  expect(loadConfig(Object.fromEntries(settings))).toMatchObject({
    ...{ metricsPort: 9464, basePath: '/flow', rateLimit: 60_000, warnings: [] },
  });
  expect(Object.fromEntries(files)).toEqual({
    DATABASE_URL_FILE: '/etc/flowgate/database/url',
    FLOWGATE_MQTT_PASSWORD_FILE: '/etc/flowgate/secrets/FLOWGATE_MQTT_PASSWORD',
    FLOWGATE_OIDC_CLIENT_SECRET_FILE: '/etc/flowgate/secrets/FLOWGATE_OIDC_CLIENT_SECRET',
  });
  const volume = (name: string) => spec.volumes.find((each: any) => each.name === name);
  expect(volume('database').secret).toEqual({
    secretName: 'flowgate-database',
    defaultMode: 0o440,
    items: [{ key: 'url', path: 'url' }],
  });
  expect(volume('secrets').projected.sources).toEqual([
    {
      secret: {
        name: 'flowgate-mqtt',
        items: [{ key: 'password', path: 'FLOWGATE_MQTT_PASSWORD' }],
      },
    },
    {
      secret: {
        name: 'flowgate-oidc',
        items: [{ key: 'secret', path: 'FLOWGATE_OIDC_CLIENT_SECRET' }],
      },
    },
  ]);
  expect(container.image).toBe('flowgate:1.2.3');
  expect(objects['Ingress flow'].spec).toMatchObject({
    ingressClassName: 'nginx',
    tls: [{ secretName: 'tls', hosts: ['flow.acme.example'] }],
  });
});

test('the image is that of the chart’s version, which is the package’s', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(parse(await readFile(`${CHART}/Chart.yaml`, 'utf8'))).toMatchObject({
    ...{ version, appVersion: version },
  });
  const objects = await render({});
  const [container] = objects['Deployment flow'].spec.template.spec.containers;
  expect(container.image).toBe(`flowgate:${version}`);
});

test.each([{}, ALL, NONE])(
  'the schema of the values accepts what the chart understands: %#',
  async (given) => {
    const validate = await validator();
    expect([validate(await valuesWith(given)), validate.errors]).toEqual([true, null]);
  },
);

test.each([
  { replica: 3 },
  { replicas: 0 },
  { settings: { RATE_LIMIT: 60_000 } },
  { secretSettings: { FLOWGATE_MQTT_PASSWORD: { secretName: 'x' } } },
  { service: { type: 'ExternalName' } },
])('the schema of the values refuses %j', async (given) => {
  const validate = await validator();
  expect(validate(await valuesWith(given))).toBe(false);
});
