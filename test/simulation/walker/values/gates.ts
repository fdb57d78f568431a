import type { DocumentName } from '../change.ts'
import type { Assignments, Entries, Entry } from './entry.ts'
import { alone, refused, REMOVED, unsupported, values } from './entry.ts'

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
  const checks: readonly [string, unknown][] = [
    ['task', { command: ['npm', 'run', 'migrate'] }],
    ['cloudwatch', { namespace: 'AWS/ECS', metric: 'Errors', statistic: 'Sum', max: 1 }],
    ['prometheus', { server: 'http://prometheus:9090', query: 'up', max: 1 }],
    ['webhook', { url: 'https://example.com/hook' }],
    ['alarms', ['demo-5xx']],
  ]
  const notYet = checks.map(([check, value]): [string, Entry] => [
    check,
    unsupported(value, beside({ [`${list}/0/http`]: REMOVED })),
  ])
  const own: readonly [string, Entry][] = [
    ['name', { ...beside(), variants: values('smoke-of-it', 'x') }],
    [
      'when',
      {
        ...beside(),
        variants: [
          ...values('Verify', 'BeforeShift', 'Bake', 'AfterSuccess'),
          ...unsupported('Shift').variants,
          refused('BeforeProvision', `${document}:${list}/0/when`),
          refused('BeforeRollback', `${document}:${list}/0/when`),
        ],
      },
    ],
    ['manual', { ...beside({ [`${list}/0/http`]: REMOVED }), variants: values({}) }],
    [
      'manual/approvers',
      { ...beside({ [`${list}/0/http`]: REMOVED }), variants: values(['ada'], ['ada', 'bob']) },
    ],
    ['manual/approvers/*', { ...beside({ [`${list}/0/http`]: REMOVED }), variants: values('bob') }],
    ['http/path', { ...beside(), variants: values('/other', '/%F0%9F%9A%A2?q=1') }],
    ['http/method', { ...beside(), variants: values('HEAD', 'POST') }],
    ['http/host', { ...beside(), variants: values('shop.example.com') }],
    ['http/headers/*', { ...beside(), at: `${list}/0/http/headers/x-from`, variants: values('walker') }],
    ['http/expect/status', { ...beside(), variants: values(200) }],
    ['http/expect/body', { ...beside(), variants: values('version', '"version":"${imageTag}"') }],
    ['http/successes', { ...beside(), variants: values(1, 4) }],
    ['http/interval', { ...beside(), variants: values('250ms', '1s') }],
    ['http/requestTimeout', { ...beside(), variants: values('2s') }],
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
    [...own, ...notYet].map(([path, entry]) => [`${document} ${list}/*/${path}`, entry]),
  )
}
