import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { definitions } from '../../../controller/adapters/telemetry/metric-definitions.ts'
import type { Metrics } from '../../../controller/adapters/telemetry/metrics.ts'
import { createMetrics } from '../../../controller/adapters/telemetry/metrics.ts'
import { createRedactor } from '../../../controller/adapters/telemetry/redactor.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { requires } from '../../support/requires.ts'

const promtool = requires('promtool')
const subject = { environment: 'prod', release: 'web' }
const rollout = { ...subject, rollout: 'prod-web-1' }
const status = {
  type: 'ReleaseStatus',
  ...subject,
  revision: 'prod@sha1:1',
  side: 'blue',
  image: 'web:v1',
  conditions: { Ready: true, Stalled: false },
  phase: 'Shifting',
} as const
const finished = {
  type: 'RolloutFinished',
  ...rollout,
  outcome: 'Succeeded',
  reason: 'Verified',
  message: '',
  strategy: 'BlueGreen',
  durationMs: 40_000,
  waitMs: 0,
  commitToTrafficMs: 45_000,
} as const

const everything: readonly SteersmanEvent[] = [
  status,
  finished,
  { type: 'TrafficSeen', ...subject, weights: { blue: 0, green: 100 } },
  {
    type: 'DriftSeen',
    ...subject,
    counts: [{ kind: 'Service', fieldClass: 'count', count: 2, ageSeconds: 7 }],
  },
  { type: 'GateFinished', ...rollout, gate: 'smoke', result: 'Passed', message: '' },
  { type: 'SourceFetched', environment: 'prod', result: 'success', message: '', durationMs: 1 },
  { type: 'RevisionSeen', environment: 'prod', commit: 'c', ageSeconds: 60 },
  { type: 'Reconciled', kind: 'Release', key: 'prod/web', result: 'Converged', durationMs: 3 },
  { type: 'ReconcileFailed', kind: 'Release', key: 'prod/web', code: 'Throttled', message: '', retryMs: 1 },
  { type: 'QueueSeen', depth: 3, longestRunningSeconds: 1.5 },
  { type: 'QueueWaited', durationMs: 20 },
  { type: 'LeaseChanged', lease: 'controller', held: true, epoch: 1, message: '' },
  { type: 'AwsCall', service: 'ecs', operation: 'DescribeServices', code: 'OK', durationMs: 30, attempts: 3 },
  { type: 'AwsThrottled', service: 'ecs', operation: 'DescribeServices' },
]

function metricsAfter(...events: readonly SteersmanEvent[]): Metrics {
  const metrics = createMetrics({ version: '0.1.0', commit: 'abc', redactor: createRedactor() })
  for (const event of events) metrics.telemetry.emit(event)
  return metrics
}

/** The samples of the page, without comments and buckets, sorted. */
async function samples(metrics: Metrics, containing = ''): Promise<readonly string[]> {
  const { body } = await metrics.text(undefined)
  return body
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !line.includes('_bucket'))
    .filter((line) => line.includes(containing))
    .toSorted()
}

describe('the metrics page', () => {
  it('shows what the events told', async () => {
    expect(await samples(metricsAfter(...everything))).toMatchInlineSnapshot(`
      [
        "steersman_aws_request_duration_seconds_count{service="ecs",operation="DescribeServices"} 1",
        "steersman_aws_request_duration_seconds_sum{service="ecs",operation="DescribeServices"} 0.03",
        "steersman_aws_requests_total{service="ecs",operation="DescribeServices",code="OK"} 1",
        "steersman_aws_requests_total{service="ecs",operation="DescribeServices",code="Retried"} 2",
        "steersman_aws_throttles_total{service="ecs",operation="DescribeServices"} 1",
        "steersman_build_info{version="0.1.0",commit="abc"} 1",
        "steersman_commit_to_traffic_seconds_count{environment="prod"} 1",
        "steersman_commit_to_traffic_seconds_sum{environment="prod"} 45",
        "steersman_drift_age_seconds{environment="prod",release="web",kind="Service",field_class="count"} 7",
        "steersman_drift{environment="prod",release="web",kind="Service",field_class="count"} 2",
        "steersman_gate_results_total{environment="prod",release="web",gate="smoke",result="Passed"} 1",
        "steersman_leader{shard="controller"} 1",
        "steersman_reconcile_duration_seconds_count{kind="Release"} 1",
        "steersman_reconcile_duration_seconds_sum{kind="Release"} 0.003",
        "steersman_reconcile_total{kind="Release",result="Converged"} 1",
        "steersman_reconcile_total{kind="Release",result="Error"} 1",
        "steersman_release_condition{environment="prod",release="web",type="Ready",status="False"} 0",
        "steersman_release_condition{environment="prod",release="web",type="Ready",status="True"} 1",
        "steersman_release_condition{environment="prod",release="web",type="Stalled",status="False"} 1",
        "steersman_release_condition{environment="prod",release="web",type="Stalled",status="True"} 0",
        "steersman_release_info{environment="prod",release="web",revision="prod@sha1:1",side="blue",image="web:v1"} 1",
        "steersman_rollout_duration_seconds_count{environment="prod",strategy="BlueGreen",outcome="Succeeded"} 1",
        "steersman_rollout_duration_seconds_sum{environment="prod",strategy="BlueGreen",outcome="Succeeded"} 40",
        "steersman_rollout_phase{environment="prod",release="web",phase="Aborted"} 0",
        "steersman_rollout_phase{environment="prod",release="web",phase="AwaitingApproval"} 0",
        "steersman_rollout_phase{environment="prod",release="web",phase="Baking"} 0",
        "steersman_rollout_phase{environment="prod",release="web",phase="Pending"} 0",
        "steersman_rollout_phase{environment="prod",release="web",phase="Provisioning"} 0",
        "steersman_rollout_phase{environment="prod",release="web",phase="RolledBack"} 0",
        "steersman_rollout_phase{environment="prod",release="web",phase="RollingBack"} 0",
        "steersman_rollout_phase{environment="prod",release="web",phase="Shifting"} 1",
        "steersman_rollout_phase{environment="prod",release="web",phase="Succeeded"} 0",
        "steersman_rollout_phase{environment="prod",release="web",phase="Superseded"} 0",
        "steersman_rollout_phase{environment="prod",release="web",phase="Verifying"} 0",
        "steersman_rollout_wait_seconds_count{environment="prod",strategy="BlueGreen",outcome="Succeeded"} 1",
        "steersman_rollout_wait_seconds_sum{environment="prod",strategy="BlueGreen",outcome="Succeeded"} 0",
        "steersman_rollouts_total{environment="prod",release="web",strategy="BlueGreen",outcome="Succeeded"} 1",
        "steersman_source_fetch_total{environment="prod",result="success"} 1",
        "steersman_source_revision_age_seconds{environment="prod"} 60",
        "steersman_traffic_weight{environment="prod",release="web",side="blue"} 0",
        "steersman_traffic_weight{environment="prod",release="web",side="green"} 100",
        "steersman_workqueue_depth 3",
        "steersman_workqueue_longest_running_processor_seconds 1.5",
        "steersman_workqueue_queue_duration_seconds_count 1",
        "steersman_workqueue_queue_duration_seconds_sum 0.02",
      ]
    `)
  })

  it('moves the ones of info, condition and phase instead of adding to them', async () => {
    const after = metricsAfter(status, {
      ...status,
      revision: 'prod@sha1:2',
      side: 'green',
      conditions: { Ready: false },
      phase: 'Baking',
    })
    expect(await samples(after, 'release_info')).toEqual([
      'steersman_release_info{environment="prod",release="web",revision="prod@sha1:2",side="green",image="web:v1"} 1',
    ])
    expect((await samples(after, 'type="Ready"')).map((line) => line.slice(-9))).toEqual([
      'False"} 1',
      '"True"} 0',
    ])
    expect((await samples(after, 'rollout_phase')).filter((line) => line.endsWith(' 1'))).toEqual([
      'steersman_rollout_phase{environment="prod",release="web",phase="Baking"} 1',
    ])
  })

  it('sets drift that has ended to 0', async () => {
    const after = metricsAfter(...everything, { type: 'DriftSeen', ...subject, counts: [] })
    expect(await samples(after, 'steersman_drift')).toEqual([
      'steersman_drift_age_seconds{environment="prod",release="web",kind="Service",field_class="count"} 0',
      'steersman_drift{environment="prod",release="web",kind="Service",field_class="count"} 0',
    ])
  })

  it('forgets a removed release, and a removed environment altogether', async () => {
    const metrics = metricsAfter(...everything, { type: 'ReleaseRemoved', ...subject })
    expect(await samples(metrics, 'release="web"')).toEqual([])
    expect(await samples(metrics, 'environment="prod"')).not.toEqual([])
    metrics.telemetry.emit({ type: 'EnvironmentRemoved', environment: 'prod' })
    expect(await samples(metrics, 'environment="prod"')).toEqual([])
  })

  it('keeps an environment that is named like the beginning of a removed one', async () => {
    const other = { ...status, environment: 'prod-2' }
    const metrics = metricsAfter(status, other, { type: 'EnvironmentRemoved', environment: 'prod' })
    expect(await samples(metrics, 'release_info{environment="prod-2"')).toHaveLength(1)
  })

  it('counts values beyond the bound, and URLs, as other, and lets no secret in', async () => {
    const redactor = createRedactor()
    redactor.register('hunter2hunter2')
    const metrics = createMetrics({ version: '0', commit: '0', redactor })
    for (let number = 0; number < 500; number += 1) {
      metrics.telemetry.emit({ type: 'AwsThrottled', service: 'ecs', operation: `Operation${number}` })
    }
    expect(await samples(metrics, 'aws_throttles_total')).toHaveLength(201)
    for (const gate of ['https://internal/', 'hunter2hunter2', 'x'.repeat(1_000)]) {
      metrics.telemetry.emit({ type: 'GateFinished', ...rollout, gate, result: 'Passed', message: '' })
    }
    expect((await samples(metrics, 'gate_results')).map((line) => /gate="([^"]*)"/.exec(line)?.[1])).toEqual([
      '[redacted]',
      'other',
      'x'.repeat(200),
    ])
  })

  it.each([
    [undefined, 'text/plain'],
    ['*/*', 'text/plain'],
    ['text/plain;version=0.0.4;q=0.5, application/openmetrics-text;q=0', 'text/plain'],
    [
      'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'application/openmetrics-text',
    ],
    ['text/plain;q=0.9,application/openmetrics-text;q=0.2', 'text/plain'],
    ['application/openmetrics-text; q=nonsense', 'text/plain'],
  ])('answers Accept %j with %s', async (accept, type) => {
    expect((await metricsAfter().text(accept)).contentType).toContain(type)
  })

  it('keeps the names of both formats whichever is asked first', async () => {
    const metrics = metricsAfter(...everything)
    const plain = await metrics.text(undefined)
    const open = await metrics.text('application/openmetrics-text')
    expect(open.body).toContain('\n# TYPE steersman_rollouts counter\n')
    expect(open.body).toContain('\nsteersman_rollouts_total{environment="prod"')
    expect(open.body.endsWith('# EOF\n')).toBe(true)
    expect(await metrics.text(undefined)).toEqual(plain)
    expect(plain.body).toContain('\n# TYPE steersman_rollouts_total counter\n')
  })

  it.skipIf(promtool.missing !== undefined)(promtool.title('pleases promtool'), async () => {
    const { body } = await metricsAfter(...everything).text(undefined)
    const result = spawnSync('promtool', ['check', 'metrics'], {
      input: body,
      encoding: 'utf8',
      timeout: 15_000,
    })
    expect({ status: result.status, said: result.stdout + result.stderr }).toEqual({ status: 0, said: '' })
  })
})

describe('docs/reference/metrics.md', () => {
  it('has one row for each metric, with its type and labels, and no other', () => {
    const page = readFileSync(new URL('../../../docs/reference/metrics.md', import.meta.url), 'utf8')
    const rows = page.split('\n').filter((line) => line.startsWith('| `steersman_'))
    const expected = Object.entries(definitions).map(([name, { type, labels, help }]) => {
      const named = labels.map((label) => `\`${label}\``).join(', ')
      return `| \`steersman_${name}\` | ${type} | ${named === '' ? 'none' : named} | ${help} |`
    })
    expect(rows.map((row) => row.replaceAll(/ +/g, ' '))).toEqual(expected)
  })
})
