import { describe, expect, test } from '@jest/globals';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/config.js';

const DOCKER = 'deploy/docker';
const ENVIRONMENT = { PORT: '4000' };

/** Variables whose names are misspelt or whose values are wrong would be found. */
function expectSettings(environment: Record<string, string>): void {
  const { DATABASE_URL_FILE, ...rest } = environment;
  expect(Object.keys(rest).filter((name) => !SETTINGS.test(name))).toEqual([]);
  expect(loadConfig({ ...ENVIRONMENT, ...rest }).warnings).toEqual([]);
  if (DATABASE_URL_FILE !== undefined) expect(path.isAbsolute(DATABASE_URL_FILE)).toBe(true);
}

const SETTINGS = /^(PORT|HOST|TRUSTED_PROXIES|METRICS_(PORT|HOST)|FLOWGATE_\w+|OTEL_\w+)$/;

describe('The Dockerfile', () => {
  test('it is valid, and its image runs as a user by number, with one volume and a health check', async () => {
    const text = await readFile(`${DOCKER}/Dockerfile`, 'utf8');
    expect(validate(text).map(({ message }) => message)).toEqual([]);
    const file = DockerfileParser.parse(text);
    const stages = file.getFROMs().map((from) => from.getBuildStage());
    expect(stages).toEqual(['build', 'install', null]);
    for (const copy of file.getCOPYs()) {
      const flag = copy.getFromFlag();
      if (flag) expect(stages).toContain(flag.getValue());
    }
    const all = file
      .getInstructions()
      .map((each) => [each.getKeyword(), each.getRawArgumentsContent()]);
    const last = all.slice(all.findLastIndex(([keyword]) => keyword === 'FROM'));
    const of = (wanted: string) =>
      last.flatMap(([keyword, rest]) => (keyword === wanted ? [rest] : []));
    expect([of('USER'), of('VOLUME'), of('HEALTHCHECK').length]).toEqual([
      ['10001:10001'],
      ['/data'],
      1,
    ]);
    expect([of('ENTRYPOINT'), of('CMD')]).toEqual([['["flowgate"]'], ['["serve"]']]);
    const environment = Object.fromEntries(
      file
        .getENVs()
        .flatMap((env) =>
          env.getProperties().map((each) => [each.getName(), each.getValue() ?? '']),
        ),
    );
    const { PATH, NODE_ENV, ...settings } = environment;
    expect([PATH, NODE_ENV]).toEqual(['/opt/flowgate/bin:$PATH', 'production']);
    expectSettings(settings);
  });
});

interface Service {
  readonly image?: string;
  readonly command?: string[];
  readonly environment?: Record<string, string>;
  readonly secrets?: string[];
  readonly volumes?: string[];
  readonly depends_on?: Record<string, unknown> | string[];
  readonly ports?: string[];
  readonly read_only?: boolean;
}

interface Compose {
  readonly services: Record<string, Service>;
  readonly volumes?: Record<string, unknown>;
  readonly secrets?: Record<string, { file: string }>;
}

describe('The compose files', () => {
  const extra = ['monitoring', 'tracing', 'instances', 'citus'].map(
    (name) => `compose.${name}.yaml`,
  );
  const files = ['compose.yaml', ...extra];
  const read = async (name: string) => {
    const [document, ...more] = parseAllDocuments(await readFile(`${DOCKER}/${name}`, 'utf8'), {
      merge: true,
      customTags: ['!reset', '!override'].map((tag) => ({ tag, collection: 'seq' })),
    });
    expect([more, document?.errors, document?.warnings]).toEqual([[], [], []]);
    return document!.toJS() as Compose;
  };

  test.each(files)(
    '%s names only files, volumes, secrets and services that exist',
    async (name) => {
      const base = await read('compose.yaml');
      const file = await read(name);
      const services = { ...base.services, ...file.services };
      const volumes = { ...base.volumes, ...file.volumes };
      const secrets = { ...base.secrets, ...file.secrets };
      for (const service of Object.values(file.services)) {
        for (const volume of service.volumes ?? []) {
          const [source = ''] = volume.split(':');
          if (source.startsWith('.')) expect(existsSync(path.join(DOCKER, source))).toBe(true);
          else expect(Object.keys(volumes)).toContain(source);
        }
        for (const secret of service.secrets ?? []) expect(Object.keys(secrets)).toContain(secret);
        const needed = service.depends_on ?? [];
        const names = Array.isArray(needed) ? needed : Object.keys(needed);
        for (const each of names) expect(Object.keys(services)).toContain(each);
        // Others than this machine come through a proxy with TLS.
        for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
      }
      const { TRUSTED_PROXIES = '', ...environment } = file.services.flowgate?.environment ?? {};
      expectSettings({ ...environment, TRUSTED_PROXIES: TRUSTED_PROXIES.replace(/\$\{.+\}/, '') });
    },
  );

  test('Flowgate’s root file system is read-only, and its password is not in the environment', async () => {
    const { services } = await read('compose.yaml');
    expect(services.flowgate).toMatchObject({ read_only: true, secrets: ['database_url'] });
    expect(services.flowgate!.environment).not.toHaveProperty('DATABASE_URL');
  });

  test.each(files)('%s names each image by a tag that stays', async (name) => {
    const { services } = await read(name);
    const images = Object.values(services).flatMap(({ image }) => image ?? []);
    expect(images.filter((image) => !/^(\$\{FLOWGATE_IMAGE|.+:v?\d)/.test(image))).toEqual([]);
  });

  test('the nodes that the coordinator is told are those of the cluster, on the same image', async () => {
    const { services } = await read('compose.citus.yaml');
    const { image } = services.postgres!;
    const others = Object.keys(services).filter(
      (name) => name !== 'nodes' && services[name]!.image === image,
    );
    const told = services
      .nodes!.command!.join()
      .matchAll(/citus_(?:set_coordinator_host|add_node)\('(\w+)'/g);
    expect([...told].map(([, name]) => name)).toEqual(others);
  });

  test('the settings of Prometheus, Grafana and the collector are valid YAML', async () => {
    const settings = (await readdir(DOCKER)).filter((name) => name.endsWith('.yml'));
    expect(settings).toHaveLength(4);
    for (const name of settings) {
      const text = await readFile(`${DOCKER}/${name}`, 'utf8');
      expect(parse(text)).toBeInstanceOf(Object);
    }
  });
});

describe('The Kubernetes manifests', () => {
  test('selectors, ports, volumes and settings of the manifests agree, and pods have few rights', async () => {
    const text = await readFile('deploy/kubernetes/flowgate.yaml', 'utf8');
    const documents = parseAllDocuments(text);
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    const objects = documents.map((document) => document.toJS());
    expect(objects.map(({ kind }) => kind as string)).toEqual([
      'Deployment',
      'Service',
      'Service',
      'PodDisruptionBudget',
    ]);
    const [deployment, ...others] = objects;
    const { template, selector, replicas } = deployment.spec;
    const { labels } = template.metadata;
    expect(selector.matchLabels).toEqual(labels);
    const ports = template.spec.containers[0].ports.map(({ name }: { name: string }) => name);
    for (const { kind, spec } of others) {
      expect(kind === 'Service' ? spec.selector : spec.selector.matchLabels).toEqual(labels);
      for (const { targetPort } of spec.ports ?? []) expect(ports).toContain(targetPort);
    }
    expect(others.at(-1).spec.minAvailable).toBeLessThan(replicas);

    const [container] = template.spec.containers;
    expect(
      [container.readinessProbe, container.livenessProbe].map(({ httpGet }) => httpGet),
    ).toEqual([
      { path: '/readyz', port: 'http' },
      { path: '/healthz', port: 'http' },
    ]);
    const volumes = template.spec.volumes.map(({ name }: { name: string }) => name);
    expect(container.volumeMounts.map(({ name }: { name: string }) => name)).toEqual(volumes);
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
    });
    expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001 });
    expectSettings(
      Object.fromEntries(
        container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
      ),
    );
  });
});
