import { createMetrics } from '../../controller/adapters/telemetry/metrics.ts'
import { createRedactor } from '../../controller/adapters/telemetry/redactor.ts'
import type { SteersmanEvent } from '../../controller/core/event.ts'

const environment = 'prod'
const release = { environment, release: 'web' }

/** What the controller tells when about everything goes wrong that alerts are about. */
const troubles: readonly SteersmanEvent[] = [
  {
    type: 'ReleaseStatus',
    ...release,
    revision: 'prod@sha1:1',
    side: 'blue',
    image: 'web:v1',
    conditions: { Ready: false, Stalled: true, Drifted: true, Held: true },
    phase: 'RolledBack',
  },
  {
    type: 'RolloutFinished',
    ...release,
    rollout: 'prod-web-1',
    outcome: 'RolledBack',
    reason: 'GateFailed',
    message: '',
    strategy: 'BlueGreen',
    durationMs: 1,
    waitMs: 0,
    commitToTrafficMs: 1,
  },
  {
    type: 'DriftSeen',
    ...release,
    counts: [{ kind: 'Release', fieldClass: 'service', count: 1, ageSeconds: 1 }],
  },
  { type: 'SourceFetched', environment, result: 'success', message: '', durationMs: 1 },
  { type: 'SourceFetched', environment, result: 'failure', message: '', durationMs: 1 },
  { type: 'StateLockSeen', environment, held: true },
  { type: 'FreezeSeen', environment, active: true },
  { type: 'Reconciled', kind: 'Release', key: 'prod/web', result: 'Converged', durationMs: 1 },
  { type: 'QueueSeen', depth: 1, longestRunningSeconds: 1 },
  { type: 'LeaseChanged', lease: 'controller', held: false, epoch: 1, message: '' },
  { type: 'AwsCall', service: 'ecs', operation: 'DescribeServices', code: 'OK', durationMs: 1, attempts: 1 },
  { type: 'AwsThrottled', service: 'ecs', operation: 'DescribeServices' },
]

/** The page of metrics after all of this. */
export async function toldMetrics(): Promise<string> {
  const metrics = createMetrics({ version: '0.1.0', commit: 'abc', redactor: createRedactor() })
  for (const event of troubles) metrics.telemetry.emit(event)
  return (await metrics.text(undefined)).body
}

/** The selectors of an expression, as `name{label="value",…}`, that match no series of the page. */
export function selectorsWithoutSeries(expression: string, page: string): string[] {
  const series = page.split('\n').filter((line) => !line.startsWith('#'))
  return Array.from(expression.matchAll(/\b(steersman_\w+)(?:\{([^}]*)\})?/gu))
    .filter(([, name = '', matchers = '']) => {
      const wanted = matchers === '' ? [] : matchers.split(',')
      return !series.some(
        (line) =>
          new RegExp(String.raw`^${name}[{ ]`, 'u').test(line) && wanted.every((each) => line.includes(each)),
      )
    })
    .map(([selector]) => selector)
}
