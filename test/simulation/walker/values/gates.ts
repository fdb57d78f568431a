import { EVERYTHING } from '../../run/allow.ts'
import { HOOK } from '../../run/outside-gates.ts'
import { alarmOf } from '../../aws/alarms.ts'
import { RELEASE } from '../base.ts'
import type { DocumentName } from '../change.ts'
import type { Assignments, Entries, Entry, Variant } from './entry.ts'
import { alone, outside, refused, REMOVED, values } from './entry.ts'

/** A gate at a list of either kind: what it asks may change as long as a good version still passes. */
export function gateEntries({
  document,
  list,
  host,
}: {
  readonly document: DocumentName
  readonly list: string
  /** Puts a gate into the list where the usual documents have none. */
  readonly host?: Assignments
}): Entries {
  const beside = (more: Assignments = {}): { host: Assignments } => ({ host: { ...host, ...more } })
  const instead = { ...beside({ [`${list}/0/http`]: REMOVED }) }
  const asking = (check: Assignments): { host: Assignments } => ({
    host: { [`${list}/0`]: { name: 'watch', ...check } },
  })
  const task = { command: ['npm', 'run', 'migrate'] }
  const running: readonly [string, Entry][] = [
    ['task', { ...instead, variants: values(task, { ...task, container: 'web' }) }],
    ['task/command', { ...asking({ task }), variants: alone(['true'], ['sh', '-c', 'echo "$a"; exit 0']) }],
    ['task/command/*', { ...asking({ task }), variants: alone('pnpm', '') }],
    ['task/container', { ...asking({ task }), variants: alone('web') }],
    ['task/irreversible', { ...asking({ task }), variants: alone(true, false) }],
  ]
  const query = { server: 'http://prometheus', query: 'errors', max: 1 }
  const measured: Readonly<Record<string, readonly unknown[]>> = {
    server: ['http://prometheus:9090', 'https://prometheus.internal/prom'],
    query: ['up', 'sum(up)'],
    max: [1, 0],
    min: [-1, 0],
    interval: ['1s', '30s'],
  }
  const stat = { namespace: 'Shop', metric: 'Errors', statistic: 'Sum' }
  const math = { queries: { errors: stat }, expression: 'errors', max: 1 }
  const metricEntries = [
    ...['namespace', 'metric', 'statistic', 'period', 'max', 'min', 'dimensions/*'].map(
      (name): [string, object] => [name, { ...stat, max: 1, dimensions: { Side: 'blue' } }],
    ),
    ...['namespace', 'metric', 'statistic', 'dimensions/*'].map((name): [string, object] => [
      `queries/*/${name}`,
      { ...math, queries: { errors: { ...stat, dimensions: { Side: 'blue' } } } },
    ]),
    ['expression', math] as [string, object],
    ...['to', 'maxRatio', 'maxDifference'].map((name): [string, object] => [
      `compare/${name}`,
      { ...math, compare: { maxRatio: 2, maxDifference: 1 } },
    ]),
  ].map(([name, cloudwatch]): [string, Entry] => [
    `cloudwatch/${name}`,
    outside('nobody puts data into CloudWatch there', asking({ cloudwatch }).host),
  ])
  const monitoring: readonly [string, Entry][] = [
    ...metricEntries,
    ...Object.entries(measured).map(([name, given]): [string, Entry] => [
      `prometheus/${name}`,
      { ...asking({ prometheus: query }), variants: alone(...given) },
    ]),
    [
      'webhook/url',
      { ...asking({ webhook: { url: 'http://hook' } }), variants: alone('https://hook:8443/x') },
    ],
    ['webhook/callback', { ...asking({ webhook: { url: 'http://hook' } }), variants: alone(false) }],
    ['alarms/*', { ...asking({ alarms: [alarmOf(RELEASE)] }), variants: alone(alarmOf(RELEASE)) }],
    ['alreadyRed', { ...asking({ alarms: [alarmOf(RELEASE)] }), variants: alone('Fail', 'Ignore') }],
  ]
  const warmed = beside({ [`${list}/0/http`]: REMOVED, [`${list}/0/warming`]: { requests: 3 } })
  const warmings: Readonly<Record<string, readonly unknown[]>> = {
    requests: [1, 40],
    paths: [['/', '/basket?of=1']],
    'paths/*': ['/other'],
    host: ['shop.example.com'],
    concurrency: [1, 50],
    perSecond: [1, 200],
    requestTimeout: ['2s'],
  }
  const allowed = { 'environment:/spec/allow': EVERYTHING }
  const scripts: Readonly<Record<string, readonly Variant[]>> = {
    command: alone(['scripts/check.sh', '--of', '${imageTag}'], ['true']),
    'command/*': alone('scripts/check.sh'),
    runTimeout: alone('10s', '10m'),
  }
  const own: readonly [string, Entry][] = [
    ['name', { ...beside(), variants: values('smoke-of-it', 'x') }],
    [
      'when',
      {
        ...beside(),
        variants: [
          ...values('Verify', 'BeforeShift', 'Bake', 'AfterSuccess'),
          refused('Shift', document === 'release' ? `${document}:${list}/0/when` : 'release:/spec/strategy'),
          refused('BeforeProvision', `${document}:${list}/0/when`),
          refused('BeforeRollback', `${document}:${list}/0/when`),
        ],
      },
    ],
    ['manual', { ...instead, variants: values({}) }],
    ['manual/approvers', { ...instead, variants: values(['ada'], ['ada', 'bob']) }],
    ['manual/approvers/*', { ...instead, variants: values('bob') }],
    ['http/path', { ...beside(), variants: values('/other', '/%F0%9F%9A%A2?q=1') }],
    ['http/method', { ...beside(), variants: values('HEAD', 'POST') }],
    ['http/host', { ...beside(), variants: values('shop.example.com') }],
    ['http/headers/*', { ...beside(), at: `${list}/0/http/headers/x-from`, variants: values('walker') }],
    ['http/expect/status', { ...beside(), variants: values(200) }],
    ['http/expect/body', { ...beside(), variants: values('version', '"version":"${imageTag}"') }],
    ['http/successes', { ...beside(), variants: values(1, 4) }],
    ['http/interval', { ...beside(), variants: values('250ms', '1s') }],
    ['http/requestTimeout', { ...beside(), variants: values('2s') }],
    ['warming', { ...instead, variants: values({ requests: 3 }) }],
    ...Object.entries(warmings).map(([name, variants]): [string, Entry] => [
      `warming/${name}`,
      { ...warmed, variants: values(...variants) },
    ]),
    ['warming/headers/*', { ...warmed, at: `${list}/0/warming/headers/x-from`, variants: values('walker') }],
    ...Object.entries(scripts).map(([name, variants]): [string, Entry] => [
      `script/${name}`,
      { host: { ...asking({ script: { command: ['check.sh'] } }).host, ...allowed }, variants },
    ]),
    ['lambda/function', { ...asking({ lambda: { function: HOOK } }), variants: alone(HOOK, `${HOOK}:live`) }],
    [
      'lambda/payload',
      { ...asking({ lambda: { function: HOOK } }), variants: alone({}, { suite: { of: ['checkout'] } }) },
    ],
    ['timeout', { ...beside(), variants: values('30s') }],
    ['failureLimit', { ...beside(), variants: values(3) }],
    [
      'onFailure',
      {
        ...beside(),
        variants: [...values('Rollback'), ...alone('Ignore', 'Hold')],
      },
    ],
    ['dryRun', { ...beside(), variants: [...values(false), ...alone(true)] }],
  ]
  return Object.fromEntries(
    [...own, ...monitoring, ...running].map(([path, entry]) => [`${document} ${list}/*/${path}`, entry]),
  )
}
