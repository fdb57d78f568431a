import { expect, it } from 'vitest'

import type { DesiredRelease } from '../../../controller/core/desired.ts'
import { statusAfter, summaryOf } from '../../../controller/engine/environment/status.ts'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'

const live = {
  address: 'aws_ecs_service.blue',
  attribute: 'health_check_grace_period_seconds',
  live: '30',
  state: '10',
}

const object = {
  apiVersion: 'steersman.dev/v1alpha1',
  kind: 'Environment',
  metadata: { name: 'prod', generation: 1, resourceVersion: '1', annotations: {} },
  spec: {},
} as never

/** What the condition Drifted says where Terraform found the grace period at 30 seconds. */
function drifted(release: DesiredRelease): string | undefined {
  const rows = [
    { release: 'web', status: {}, desire: { kind: 'Ready', release, rendered: undefined } as const },
  ]
  const status: EnvironmentStatus = { infrastructure: { drift: [live] } }
  const after = statusAfter(
    { requestedAt: undefined, object, status, now: 0, wall: 0 },
    { kind: 'SourceFailed', error: new Error('no network') },
    { releases: summaryOf(rows), pending: undefined },
  )
  return after.conditions?.find(({ type }) => type === 'Drifted')?.message
}

it('names a field that Terraform and a release both set, with the ways to settle it', () => {
  const { spec, ...rest } = desiredRelease()
  const service = { ...spec.service, settings: { healthCheckGracePeriodSeconds: 30 } }
  expect(drifted({ ...rest, spec: { ...spec, service } })).toBe(
    "drifted: the infrastructure; Terraform and the release web both set health_check_grace_period_seconds of aws_ecs_service.blue: let Terraform ignore it (lifecycle ignore_changes), or leave it to Terraform with /service/healthCheckGracePeriodSeconds in the release's ignore",
  )
  const ignore = ['/service/healthCheckGracePeriodSeconds']
  expect(drifted({ ...rest, spec: { ...spec, service, ignore } })).toBe('drifted: the infrastructure')
})
