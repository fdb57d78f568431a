import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../controller/config.ts'
import { controllerRules } from '../support/kube-api/access.ts'
import { requires } from '../support/requires.ts'
import { findingsOf, type KubernetesObject } from './kubernetes-model.ts'
import { chartPath, lintChart, only, renderChart } from './render.ts'

const helm = requires('helm')

const everything = {
  commonLabels: { team: 'platform' },
  image: { repository: 'registry.example.com/steersman', digest: `sha256:${'a'.repeat(64)}` },
  imagePullSecrets: [{ name: 'registry' }],
  configuration: {
    listen: '0.0.0.0:8080',
    terraform: { isolation: 'Preferred' },
    tokens: [{ name: 'ci', role: 'operator', tokenFrom: { env: 'CI_TOKEN' } }],
  },
  environments: {
    prod: {
      source: {
        repository: 'https://github.com/acme/shop.git',
        branch: 'prod',
        credentialsFrom: { env: 'GIT_TOKEN' },
      },
      aws: { region: 'eu-west-1' },
    },
  },
  files: { allowed_signers: 'ann ssh-ed25519 AAAA\n' },
  secretEnv: [
    { name: 'GIT_TOKEN', secret: 'git', key: 'token' },
    { name: 'CI_TOKEN', secret: 'ci', key: 'token' },
  ],
  secretMounts: [{ name: 'ssh', mountPath: '/run/secrets/ssh' }],
  env: { AWS_REGION: 'eu-west-1' },
  serviceAccount: { roleArn: 'arn:aws:iam::123456789012:role/steersman', annotations: { owner: 'platform' } },
  persistence: { storageClass: 'gp3', annotations: { 'helm.sh/resource-policy': 'keep' } },
  podAnnotations: { note: 'one' },
  podLabels: { tier: 'control' },
  priorityClassName: 'system-cluster-critical',
  nodeSelector: { 'kubernetes.io/arch': 'amd64' },
  tolerations: [{ key: 'dedicated', operator: 'Exists' }],
  affinity: { nodeAffinity: {} },
  service: { annotations: { note: 'two' } },
  serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
  prometheusRule: { enabled: true, documentation: 'https://docs.example.com' },
  dashboards: { enabled: true, annotations: { grafana_folder: 'Steersman' } },
  ingress: {
    enabled: true,
    className: 'alb',
    annotations: { note: 'three' },
    hosts: ['steersman.example.com'],
    paths: ['/webhooks'],
    tls: [{ secretName: 'steersman-tls', hosts: ['steersman.example.com'] }],
  },
  httpRoute: {
    enabled: true,
    parentRefs: [{ name: 'inside', namespace: 'gateways' }],
    annotations: { note: 'four' },
    hosts: ['steersman.internal'],
  },
  networkPolicy: { enabled: true, apiFrom: [{ podSelector: {} }], metricsFrom: [{ namespaceSelector: {} }] },
}

/** Kinds that Kubernetes itself has not. */
const ofOthers = new Set(['HTTPRoute', 'ServiceMonitor', 'PrometheusRule'])

/** What the controller reads in /etc/steersman. */
function configOf(objects: readonly KubernetesObject[]): ReturnType<typeof readConfig> {
  const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'steersman')
  const files = Object.entries(map?.['data'] as Record<string, string>)
    .filter(([path]) => path.endsWith('.yaml'))
    .map(([path, text]) => ({ path, text, mode: 'file', size: text.length, validUtf8: true }) as const)
  return readConfig({ files, directory: '/etc/steersman', variables: {} })
}

describe.skipIf(helm.missing !== undefined)(helm.title('the chart, rendered by Helm'), () => {
  const byDefault = () => renderChart()
  const full = () => renderChart(everything)

  it('has nothing that `helm lint --strict` complains of', () => {
    expect(lintChart()).toContain('1 chart(s) linted, 0 chart(s) failed')
  })

  it('makes five objects by default, and six more where they are asked for', () => {
    const kindsOf = (objects: readonly KubernetesObject[]) => objects.map(({ kind }) => kind).toSorted()
    const always = ['ConfigMap', 'Deployment', 'PersistentVolumeClaim', 'Service', 'ServiceAccount']
    expect(kindsOf(byDefault())).toEqual(always)
    expect(kindsOf(full())).toEqual(
      [
        ...always,
        'ConfigMap',
        'HTTPRoute',
        'Ingress',
        'NetworkPolicy',
        'PrometheusRule',
        'ServiceMonitor',
      ].toSorted(),
    )
  })

  it.each([
    ['its defaults', byDefault],
    ['every value set', full],
  ])('with %s makes objects that have only fields of Kubernetes, of their types', (_, render) => {
    expect(
      render()
        .filter(({ kind }) => !ofOthers.has(kind))
        .flatMap(findingsOf),
    ).toEqual([])
  })

  it('runs one pod without privileges, which writes nothing but its volumes', () => {
    const { spec } = only(full(), 'Deployment') as unknown as {
      spec: { replicas: number; strategy: object; template: { spec: PodSpec } }
    }
    const pod = spec.template.spec
    expect(spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } })
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    })
    expect(pod.containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(pod.containers[0]?.volumeMounts.filter(({ readOnly }) => readOnly !== true)).toEqual([
      { name: 'data', mountPath: '/data' },
      { name: 'tmp', mountPath: '/tmp' },
    ])
    expect(pod.containers[0]?.resources).toHaveProperty('limits.memory')
  })

  it('gives the controller a configuration that it takes', () => {
    expect(configOf(byDefault())).toMatchObject({ dataDir: '/data', telemetryListen: { port: 9090 } })
    const config = configOf(full())
    expect(config.environments.map(({ metadata }) => metadata.name)).toEqual(['prod'])
    expect(config.tokens).toHaveLength(1)
  })

  it('leads to the Service from outside, by an Ingress and by a route of a Gateway', () => {
    const service = only(full(), 'Service') as unknown as {
      metadata: { name: string }
      spec: { ports: { name: string; port: number }[] }
    }
    const { name } = service.metadata
    expect(only(full(), 'Ingress')['spec']).toEqual({
      ingressClassName: 'alb',
      tls: [{ secretName: 'steersman-tls', hosts: ['steersman.example.com'] }],
      rules: [
        {
          host: 'steersman.example.com',
          http: {
            paths: [
              {
                path: '/webhooks',
                pathType: 'Prefix',
                backend: { service: { name, port: { name: 'http' } } },
              },
            ],
          },
        },
      ],
    })
    expect(only(full(), 'HTTPRoute')['spec']).toEqual({
      parentRefs: [{ name: 'inside', namespace: 'gateways' }],
      hostnames: ['steersman.internal'],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: [{ name, port: service.spec.ports.find((port) => port.name === 'http')?.port }],
        },
      ],
    })
  })

  it('tells the controller every name by which it is reached', () => {
    const own = [
      'steersman',
      'steersman.steersman',
      'steersman.steersman.svc',
      'steersman.steersman.svc.cluster.local',
    ]
    expect(configOf(byDefault()).hosts).toEqual(own)
    expect(configOf(full()).hosts).toEqual([...own, 'steersman.example.com', 'steersman.internal'])
    const configuration = { hosts: ['deploys.acme.test'] }
    expect(configOf(renderChart({ configuration })).hosts).toEqual([...own, 'deploys.acme.test'])
  })

  it.each([
    ['ingress', {}],
    ['httpRoute', { parentRefs: [{ name: 'inside' }] }],
  ])('makes no %s to a controller that listens to itself alone', (kind, more) => {
    const values = { [kind]: { enabled: true, hosts: ['steersman.example.com'], ...more } }
    expect(() => renderChart(values)).toThrow(
      `${kind}.enabled leads nowhere while the API listens on 127.0.0.1:8080`,
    )
  })

  it('names secrets and never holds one', () => {
    const { spec } = only(full(), 'Deployment') as unknown as { spec: { template: { spec: PodSpec } } }
    expect(spec.template.spec.containers[0]?.env).toContainEqual({
      name: 'GIT_TOKEN',
      valueFrom: { secretKeyRef: { name: 'git', key: 'token' } },
    })
    expect(full().filter(({ kind }) => kind === 'Secret')).toEqual([])
  })

  it('keeps the objects in the cluster where that is asked for: two pods, their Role, and Environments as objects', () => {
    const { environments } = everything
    const store = { type: 'kubernetes' }
    const made = renderChart({ replicas: 2, configuration: { store }, environments })
    expect(made.map(({ kind }) => kind).toSorted()).toEqual(
      ['ConfigMap', 'Deployment', 'Environment', 'PodDisruptionBudget', 'Role', 'RoleBinding']
        .concat('Service', 'ServiceAccount')
        .toSorted(),
    )
    expect(only(made, 'Deployment')['spec']).toMatchObject({
      replicas: 2,
      strategy: { type: 'RollingUpdate' },
      template: {
        spec: {
          automountServiceAccountToken: true,
          topologySpreadConstraints: [
            { topologyKey: 'kubernetes.io/hostname' },
            { topologyKey: 'topology.kubernetes.io/zone' },
          ],
        },
      },
    })
    expect(configOf(made)).toMatchObject({ store, environments: [] })
    expect(only(made, 'Environment')['spec']).toEqual(environments.prod)
    expect(only(made, 'Role')['rules']).toEqual(controllerRules())
    const kinds = made.filter(({ kind }) => kind !== 'Environment')
    expect(kinds.flatMap(findingsOf)).toEqual([])
  })

  it('lets controllers that share the environments by shards see which of them live', () => {
    const made = renderChart({ replicas: 3, configuration: { store: { type: 'kubernetes', shards: 4 } } })
    expect(only(made, 'Role')['rules']).toEqual(controllerRules(4))
    expect(made.flatMap(findingsOf)).toEqual([])
  })

  it('lets the controller read the Secrets that are named, and no others', () => {
    const configuration = { store: { type: 'kubernetes', namespace: 'objects' } }
    const made = renderChart({ configuration, secretRefs: ['git', 'hooks'] })
    const roles = made.filter(({ kind }) => kind === 'Role')
    expect(roles.map(({ metadata }) => metadata.namespace)).toContain('objects')
    const role = roles.find(({ metadata }) => metadata.name === 'steersman-secrets')
    expect(role?.['rules']).toEqual([
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['git', 'hooks'], verbs: ['get', 'watch'] },
    ])
    expect(role?.metadata.namespace).not.toBe('objects')
    const binding = made.find(
      ({ kind, metadata }) => kind === 'RoleBinding' && metadata.name === 'steersman-secrets',
    )
    expect(binding?.['roleRef']).toMatchObject({ kind: 'Role', name: 'steersman-secrets' })
    expect(made.flatMap(findingsOf)).toEqual([])
    expect(renderChart({ configuration }).filter(({ kind }) => kind === 'Role')).toHaveLength(1)
    expect(renderChart({ secretRefs: ['git'] }).filter(({ kind }) => kind === 'Role')).toEqual([])
  })

  it('refuses several pods on files', () => {
    expect(() => renderChart({ replicas: 2 })).toThrow('needs configuration.store: {type: kubernetes}')
  })

  it('lets the role of the account be taken on', () => {
    expect(only(full(), 'ServiceAccount').metadata.annotations).toEqual({
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/steersman',
      owner: 'platform',
    })
  })

  it('lets the Prometheus operator scrape the telemetry port of the Service', () => {
    const service = only(full(), 'Service') as unknown as { spec: { ports: { name: string }[] } }
    expect(service.spec.ports.map(({ name }) => name)).toContain('telemetry')
    expect(only(full(), 'ServiceMonitor')['spec']).toEqual({
      selector: {
        matchLabels: { 'app.kubernetes.io/name': 'steersman', 'app.kubernetes.io/instance': 'steersman' },
      },
      endpoints: [{ port: 'telemetry', path: '/metrics', interval: '30s', scrapeTimeout: '10s' }],
    })
  })

  it('installs the alerts, which lead to your copy of the documentation', () => {
    const installed = only(full(), 'PrometheusRule')['spec']
    const rules = readFileSync(join(chartPath, 'alerts/alerts.yaml'), 'utf8')
    expect(installed).toEqual(
      load(rules.replaceAll('https://steersman.dev/docs', 'https://docs.example.com')),
    )
  })

  it('installs the dashboards as Grafana’s sidecar looks for them', () => {
    const map = full().find(({ metadata }) => metadata.name === 'steersman-dashboards')
    expect(map?.metadata.labels).toHaveProperty('grafana_dashboard', '1')
    const titles = Object.values(map?.['data'] as Record<string, string>).map(
      (text) => (JSON.parse(text) as { title: string }).title,
    )
    expect(titles.toSorted()).toEqual([
      'Steersman: controller',
      'Steersman: environment',
      'Steersman: fleet',
      'Steersman: release',
    ])
  })

  it.each([
    ['a value that there is not', { replica: 3 }, 'replica'],
    ['a field that the Configuration has not', { configuration: { pollIntervall: '2s' } }, 'pollIntervall'],
    ['an address without tokens', { configuration: { listen: '0.0.0.0:8080' } }, 'tokens'],
    ['a role that is none', { serviceAccount: { roleArn: 'steersman' } }, 'roleArn'],
    [
      'an Environment without a source',
      { environments: { prod: { aws: { region: 'eu-west-1' } } } },
      'source',
    ],
    ['an Ingress without a host', { ingress: { enabled: true } }, 'hosts'],
    ['a route without a Gateway', { httpRoute: { enabled: true, hosts: ['a.test'] } }, 'parentRefs'],
    ['a secret in plain text', { secretEnv: [{ name: 'GIT_TOKEN', value: 'x' }] }, 'value'],
  ])('refuses %s', (_, values, named) => {
    expect(() => renderChart(values)).toThrow(named)
  })
})

interface PodSpec {
  readonly containers: readonly {
    readonly securityContext: object
    readonly resources: object
    readonly env?: readonly object[]
    readonly volumeMounts: readonly { readonly name: string; readonly readOnly?: boolean }[]
  }[]
}
